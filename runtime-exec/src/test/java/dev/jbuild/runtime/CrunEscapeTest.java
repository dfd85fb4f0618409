package dev.jbuild.runtime;

class CrunEscapeTest extends EscapeContract implements UnderCrun {}
