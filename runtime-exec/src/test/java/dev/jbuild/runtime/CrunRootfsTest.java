package dev.jbuild.runtime;

class CrunRootfsTest extends RootfsContract implements UnderCrun {}
