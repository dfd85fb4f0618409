package dev.jbuild.runtime;

class EmbeddedMountTest extends MountContract implements UnderTheLauncher {}
