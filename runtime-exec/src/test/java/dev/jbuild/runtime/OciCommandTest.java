package dev.jbuild.runtime;

class OciCommandTest extends CommandContract implements UnderRunc {}
