package dev.jbuild.runtime;

class OciPrivilegeTest extends PrivilegeContract implements UnderRunc {}
