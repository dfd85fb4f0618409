package dev.jbuild.runtime;

class OciRootfsTest extends RootfsContract implements UnderRunc {}
