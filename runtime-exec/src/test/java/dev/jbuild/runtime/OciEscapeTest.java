package dev.jbuild.runtime;

class OciEscapeTest extends EscapeContract implements UnderRunc {}
