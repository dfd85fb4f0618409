package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.IdMap.Range;
import dev.jbuild.runtime.Machine.CgroupPlace;
import dev.jbuild.runtime.launch.Launch.Cgroup;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import dev.jbuild.runtime.launch.Launch.Tripwire;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupPlannerTest {
    private static final long MIB = 1L << 20;
    private static final CgroupPlace UNIFIED =
            new CgroupPlace(2, Path.of("/cg"), Set.of("pids", "memory", "cpu", "cpuset"));
    private static final StepLimits ALL = StepLimits.ofPids(9)
            .withMemory(64 * MIB, OptionalLong.of(96 * MIB))
            .withCpu(new CpuLimits(OptionalLong.of(150_000), 100_000, OptionalInt.of(512), Optional.of("1")));

    private static final Range WHOLE = new Range(0, 0xffff_ffffL);

    private static CgroupPlanner.Plan plan(StepLimits limits, CgroupPlace... places) {
        return plan(limits, StepSecurity.STANDARD, new Range(0, 1), places);
    }

    private static CgroupPlanner.Plan plan(
            StepLimits limits, StepSecurity security, Range range, CgroupPlace... places) {
        IdMap ids = new IdMap(List.of(range));
        Rootfs rootfs = new Rootfs(List.of(), Path.of("/u"), Path.of("/w"));
        StepSpec spec = StepSpec.of(rootfs, List.of("x")).withLimits(limits).withSecurity(security);
        return CgroupPlanner.plan(
                spec, new Machine(1L << 21, ids, ids, true, true, List.of(places), "0", 1024, List.of()));
    }

    private static CgroupPlace legacy(String controller) {
        return new CgroupPlace(1, Path.of("/cg", controller), Set.of(controller));
    }

    @Test
    void version2HasAllLimitsInOneCgroup() {
        assertThat(plan(ALL, UNIFIED).cgroups()).singleElement().satisfies(cgroup -> {
            assertThat(cgroup.settings())
                    .containsExactly(
                            "pids.max=9",
                            "memory.max=67108864",
                            "memory.swap.max=33554432",
                            "memory.oom.group=1",
                            "cpu.max=150000 100000",
                            "cpu.weight=20",
                            "cpuset.cpus=1");
            assertThat(cgroup.readings()).containsExactly("cpu.stat", "memory.peak", "io.stat");
        });
    }

    @Test
    void version1HasACgroupForEachController() {
        CgroupPlanner.Plan plan = plan(ALL, legacy("cpuset"), legacy("cpu"), legacy("memory"), legacy("pids"));
        assertThat(plan.cgroups())
                .extracting(Cgroup::settings)
                .containsExactly(
                        List.of("cpuset.mems=0", "cpuset.cpus=1"),
                        List.of("cpu.cfs_period_us=100000", "cpu.cfs_quota_us=150000", "cpu.shares=512"),
                        List.of("memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=100663296"),
                        List.of("pids.max=9"));
        assertThat(plan.notes()).isEmpty();
        assertThat(plan.rlimits()).isEmpty();
    }

    @Test
    void version1MakesNoCgroupThatNothingIsAskedOf() {
        assertThat(plan(StepLimits.STANDARD, legacy("cpuset"), legacy("cpu"), legacy("memory"), legacy("pids"))
                        .cgroups())
                .extracting(Cgroup::parent)
                .as("memory counts what the step used")
                .containsExactly(Path.of("/cg/memory"), Path.of("/cg/pids"));
    }

    @Test
    void swapIsAsMuchAgainAsTheMemoryUnlessTold() {
        StepLimits limits = StepLimits.STANDARD.withMemory(64 * MIB, OptionalLong.empty());
        assertThat(plan(limits, UNIFIED).cgroups().getFirst().settings()).contains("memory.swap.max=67108864");
        StepLimits unlimited = limits.withMemory(64 * MIB, OptionalLong.of(StepLimits.UNLIMITED));
        assertThat(plan(unlimited, UNIFIED).cgroups().getFirst().settings()).contains("memory.swap.max=max");
    }

    @Test
    void theTripwiresNameTheFlagToChange() {
        assertThat(plan(ALL, UNIFIED).cgroups().getFirst().tripwires())
                .extracting(Tripwire::sentence)
                .containsExactly(
                        "it met its limit of 9 processes (--pids-limit)",
                        "it met its limit of 64 MiB of memory (--memory)");
    }

    @Test
    void withoutCgroupsLimitsOfEachProcessStandInAndThatIsSaid() {
        CgroupPlanner.Plan plan = plan(ALL);
        assertThat(plan.rlimits())
                .containsExactly(new Limit(Resource.PROCESSES, 521, 521), new Limit(Resource.DATA, 64 * MIB, 64 * MIB));
        assertThat(plan.notes())
                .extracting(note -> note.split(" ", -1)[2])
                .containsExactly("--pids-limit", "--memory", "--cpus,", "--cpuset-cpus");
    }

    @Test
    void version1DeniesDevicesAndAllowsTheHarmless() {
        List<String> settings = plan(StepLimits.STANDARD, legacy("devices"))
                .cgroups()
                .getFirst()
                .settings();
        assertThat(settings).startsWith("devices.deny=a").contains("devices.allow=c 1:3 rwm", "devices.allow=b *:* m");
        assertThat(settings).noneMatch(setting -> setting.contains("b *:* r"));
    }

    @Test
    void version2HasAProgramForDevicesOutsideOfUserNamespaces() {
        assertThat(plan(StepLimits.STANDARD, StepSecurity.STANDARD, WHOLE, UNIFIED)
                        .cgroups()
                        .getFirst()
                        .devices())
                .isNotEmpty();
        assertThat(plan(StepLimits.STANDARD, UNIFIED).cgroups().getFirst().devices())
                .isEmpty();
    }

    @Test
    void anInsecureStepReachesAllDevices() {
        CgroupPlanner.Plan plan = plan(StepLimits.STANDARD, StepSecurity.INSECURE, WHOLE, legacy("devices"), UNIFIED);
        assertThat(plan.cgroups())
                .singleElement()
                .satisfies(cgroup -> assertThat(cgroup.devices()).isEmpty());
    }
}
