package dev.jbuild.runtime;

class EmbeddedNetworkTest extends NetworkContract implements UnderTheLauncher {}
