package dev.jbuild.runtime;

class EmbeddedPrivilegeTest extends PrivilegeContract implements UnderTheLauncher {}
