package dev.jbuild.runtime;

class EmbeddedCommandTest extends CommandContract implements UnderTheLauncher {}
