package dev.jbuild.runtime;

class CrunNetworkTest extends NetworkContract implements UnderCrun {}
