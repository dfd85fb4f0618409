package dev.jbuild.runtime;

class OciNetworkTest extends NetworkContract implements UnderRunc {}
