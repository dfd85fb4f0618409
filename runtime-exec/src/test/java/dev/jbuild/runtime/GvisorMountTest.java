package dev.jbuild.runtime;

class GvisorMountTest extends MountContract implements UnderGvisor {}
