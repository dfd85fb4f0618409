package dev.jbuild.runtime;

class CrunMountTest extends MountContract implements UnderCrun {}
