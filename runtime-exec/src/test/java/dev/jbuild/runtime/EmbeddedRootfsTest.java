package dev.jbuild.runtime;

class EmbeddedRootfsTest extends RootfsContract implements UnderTheLauncher {}
