package dev.jbuild.runtime;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

class GvisorNetworkTest extends NetworkContract implements UnderGvisor {
    @Override
    @Test
    @Disabled("gVisor's processes are in namespaces of its own kernel, which it numbers from 1")
    void theHostsNetworkIsUsedOnlyWhenAsked() {}

    @Override
    @Test
    @Disabled("gVisor's abstract sockets are its own, with the host's network too")
    void noAbstractSocketOfTheHostIsReachedBesidePasta() {}
}
