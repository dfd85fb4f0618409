package dev.jbuild.runtime;

class CrunCommandTest extends CommandContract implements UnderCrun {}
