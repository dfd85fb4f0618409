package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.IdMap.Range;
import dev.jbuild.runtime.confine.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {
    private static final IdMap SINGLE = new IdMap(List.of(new Range(0, 1)));
    private static final IdMap FEW = new IdMap(List.of(new Range(0, 10)));
    private static final IdMap MAPPED = new IdMap(List.of(new Range(0, 1), new Range(1, 65_536)));

    private static Machine machine(boolean mayMount, IdMap ids) {
        return new Machine(mayMount ? 1L << 21 : 0, ids, ids, true, true, List.of(), "", 1024, List.of());
    }

    private static void check(Machine machine, ProcessUser user) throws RuntimeUnavailableException {
        Rootfs rootfs = new Rootfs(List.of(), Path.of("/u"), Path.of("/w"));
        StepSpec spec = StepSpec.of(rootfs, List.of("x")).withUser(user);
        new Requirements(Entered.parse("single:newuidmap is not installed")).check(spec, machine);
    }

    @Test
    void aProcessWithoutNamespacesIsToldWhyAndWhatToDo() {
        assertThatThrownBy(() -> check(machine(false, MAPPED), ProcessUser.ROOT))
                .isInstanceOf(RuntimeUnavailableException.class)
                .hasMessageContaining("newuidmap is not installed")
                .hasMessageContaining("launcher");
    }

    @Test
    void aSingleIdIsEnoughForAnyUserWhoIsRecorded() {
        assertThatCode(() -> check(machine(true, SINGLE), new ProcessUser(33, 34, List.of(35L))))
                .doesNotThrowAnyException();
    }

    @Test
    void anIdThatTheNamespaceLacksIsRefusedByNumber() {
        assertThatThrownBy(() -> check(machine(true, FEW), new ProcessUser(33, 0, List.of())))
                .hasMessageContaining("user 33")
                .hasMessageContaining("newuidmap is not installed");
        assertThatThrownBy(() -> check(machine(true, FEW), new ProcessUser(0, 34, List.of())))
                .hasMessageContaining("group 34");
        assertThatThrownBy(() -> check(machine(true, FEW), new ProcessUser(0, 0, List.of(0L, 35L))))
                .hasMessageContaining("group 35");
    }

    @Test
    void aNameServerOnTheHostsLoopbackIsRefusedWhereAStepHasItsOwn() {
        Resolver resolver = new Resolver(List.of("192.0.2.1", "127.0.0.53"), List.of(), List.of());
        Link own = new Link.Pasta(Path.of("/pasta"));
        assertThatThrownBy(() -> Requirements.check(resolver, own))
                .hasMessageContaining("127.0.0.53")
                .hasMessageContaining("--network=host");
        assertThatCode(() -> Requirements.check(resolver, new Link.Host())).doesNotThrowAnyException();
    }

    @Test
    void aMapHoldsItsRangesOnly() {
        assertThatCode(() -> check(machine(true, MAPPED), new ProcessUser(65_536, 65_536, List.of())))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(machine(true, MAPPED), new ProcessUser(65_537, 0, List.of())))
                .hasMessageContaining("65537");
    }

    @Test
    void anIdMapIsReadAsTheKernelWritesIt(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("map"), "         0       1000          1\n         1     100000      65536\n");
        Assertions.assertThat(IdMap.read(file)).isEqualTo(MAPPED);
        Files.writeString(file, "         0          0 4294967295\n");
        Assertions.assertThat(IdMap.read(file).isWhole()).isTrue();
    }

    @Test
    void aCapabilityThatTheBuilderLacksCannotBeGiven() {
        Rootfs rootfs = new Rootfs(List.of(), Path.of("/u"), Path.of("/w"));
        StepSpec spec =
                StepSpec.of(rootfs, List.of("x")).withSecurity(StepSecurity.STANDARD.withAdded(Capability.SYS_TIME));
        assertThatThrownBy(() -> new Requirements(Entered.parse("root:")).check(spec, machine(true, SINGLE)))
                .hasMessageContaining("CAP_SYS_TIME")
                .hasMessageContaining("--cap-add");
    }

    @Test
    void aLabelNeedsTheKernelsModuleForIt() {
        Requirements requirements = new Requirements(Entered.parse("root:"));
        SecurityModules none = new SecurityModules(false, false);
        assertThatThrownBy(() -> requirements.check(StepSecurity.STANDARD.withApparmor("mine"), none))
                .hasMessageContaining("no AppArmor")
                .hasMessageContaining("mine");
        assertThatThrownBy(() -> requirements.check(StepSecurity.STANDARD.withSelinux("u:r:t:s0"), none))
                .hasMessageContaining("no SELinux");
        assertThatCode(() -> requirements.check(
                        StepSecurity.STANDARD.withApparmor("mine"), new SecurityModules(true, false)))
                .doesNotThrowAnyException();
    }
}
