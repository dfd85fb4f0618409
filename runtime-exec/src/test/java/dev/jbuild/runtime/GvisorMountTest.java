package dev.jbuild.runtime;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

class GvisorMountTest extends MountContract implements UnderGvisor {
    @Override
    @Test
    @Disabled("gVisor makes the mount over a /proc of its own kernel's, in which nothing is of the host")
    void aLinkToProcIsNoMountPoint() {}
}
