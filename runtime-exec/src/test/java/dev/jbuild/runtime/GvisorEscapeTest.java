package dev.jbuild.runtime;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

class GvisorEscapeTest extends EscapeContract implements UnderGvisor {
    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter: what these calls do, they do in there")
    void everyCallThatOpensADoorIsRefused() {}

    @Override
    @Test
    @Disabled("gVisor's abstract sockets are its own, with the host's network too")
    void abstractSocketsOfTheHostAreOutOfReach() {}
}
