package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The same promises under gVisor, but for those that its own kernel keeps in another way. */
class GvisorPrivilegeTest extends PrivilegeContract implements UnderGvisor {
    @Override
    @Test
    void rootHasExactlyTheElevenCapabilities() throws Exception {
        // Its /proc/self/status has no line for the ambient ones.
        assertThat(outputOf("busybox grep Cap /proc/self/status").lines())
                .containsExactly(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t" + STANDARD_CAPABILITIES,
                        "CapEff:\t" + STANDARD_CAPABILITIES,
                        "CapBnd:\t" + STANDARD_CAPABILITIES);
    }

    @Override
    @Test
    @Disabled("gVisor starts every program without setuid")
    void aSetuidProgramWorksForAUser() {}

    @Override
    @Test
    @Disabled("gVisor's /proc/self/status has no line for it")
    void noNewPrivilegesIsAnOption() {}

    @Override
    @Test
    @Disabled("gVisor's /proc has none of these files; EscapeContract reads what there is")
    void dangerousPathsAreMasked() {}

    @Override
    @Test
    @Disabled("gVisor's processes are in namespaces of its own kernel, which it numbers from 1")
    void theNamespacesAreNotTheHosts() {}

    @Override
    @Test
    @Disabled("gVisor has no personality(2)")
    void usualSystemCallsWork() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void filteredSystemCallsFail() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void aFilterOfTheUsersIsKept() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void anAddedCapabilityIsThereAndOpensItsSystemCalls() {}
}
