package dev.jbuild.runtime;

import dev.jbuild.runtime.Machine.CgroupPlace;
import dev.jbuild.runtime.confine.DeviceProgram;
import dev.jbuild.runtime.confine.DeviceRule;
import dev.jbuild.runtime.launch.Launch.Cgroup;
import dev.jbuild.runtime.launch.Launch.Disk;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import dev.jbuild.runtime.launch.Launch.Tripwire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns a step's limits into cgroups, in the words of version 1 or 2 (cgroup-v1/memory.rst, cgroup-v2.rst in the kernel's
 * documentation), and into limits of each process where no cgroup can be written.
 */
final class CgroupPlanner {
    /** A build may fail to start a process now and then; one that fails for two seconds on end is a fork bomb. */
    private static final int FORK_PATIENCE_MILLIS = 2000;

    /** The builder's own threads count in RLIMIT_NPROC too. */
    private static final int OWN_THREADS = 512;

    private static final long DISK_RESERVE = 256L << 20;
    private static final byte[] NO_PROGRAM = {};
    private static final long MIB = 1L << 20;

    private final StepLimits limits;
    private final boolean restrictsDevices;
    private final boolean isRoot;
    private final Machine machine;
    private final List<Limit> rlimits = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * How the limits are kept.
     *
     * @param rlimits limits of each process that stand in for a cgroup's
     * @param notes which limits are kept worse than asked for, and why
     */
    record Plan(List<Cgroup> cgroups, List<Limit> rlimits, List<String> notes) {
        Plan {
            cgroups = List.copyOf(cgroups);
            rlimits = List.copyOf(rlimits);
            notes = List.copyOf(notes);
        }
    }

    private CgroupPlanner(StepSpec spec, Machine machine) {
        this.limits = spec.limits();
        this.restrictsDevices = spec.security().masked();
        this.isRoot = spec.user().uid() == 0;
        this.machine = machine;
    }

    static Plan plan(StepSpec spec, Machine machine) {
        CgroupPlanner planner = new CgroupPlanner(spec, machine);
        List<Cgroup> cgroups = new ArrayList<>();
        for (CgroupPlace place : machine.cgroups()) {
            planner.cgroup(place).ifPresent(cgroups::add);
        }
        planner.standIn();
        return new Plan(cgroups, planner.rlimits, planner.notes);
    }

    /** The limits of disk, which no cgroup has: the launcher watches them. */
    static Disk disk(StepLimits limits, Rootfs rootfs) {
        boolean unlimited = limits.diskBytes() == StepLimits.UNLIMITED;
        return new Disk(
                unlimited ? 0 : limits.diskBytes(),
                DISK_RESERVE,
                "it wrote more than its limit of " + size(limits.diskBytes()) + " of disk (--storage-opt size)",
                "it left less than " + size(DISK_RESERVE) + " free on the filesystem of " + rootfs.upper());
    }

    private Optional<Cgroup> cgroup(CgroupPlace place) {
        List<String> settings = new ArrayList<>();
        List<String> readings = new ArrayList<>();
        List<Tripwire> tripwires = new ArrayList<>();
        for (String controller : List.of("pids", "memory", "cpu", "cpuset", "devices")) {
            if (place.controllers().contains(controller)) {
                settings.addAll(settings(controller, place));
                tripwires.addAll(tripwires(controller, place.version()));
            }
        }
        boolean counts = place.version() == 2 || place.controllers().contains("memory");
        if (counts) {
            readings.addAll(place.version() == 2 ? UsageReader.UNIFIED : UsageReader.LEGACY_MEMORY);
        }
        return settings.isEmpty() && readings.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Cgroup(place.version(), place.directory(), settings, readings, tripwires, devices(place)));
    }

    // In a user namespace no node of a device can be made, and the kernel would take the program from no one but root.
    private byte[] devices(CgroupPlace place) {
        return place.version() == 2 && restrictsDevices && machine.uids().isWhole()
                ? DeviceProgram.of(DeviceRule.STANDARD)
                : NO_PROGRAM;
    }

    private List<String> settings(String controller, CgroupPlace place) {
        return switch (controller) {
            case "pids" -> List.of("pids.max=" + limits.pids());
            case "memory" -> place.version() == 2 ? unifiedMemory() : legacyMemory();
            case "cpu" -> place.version() == 2 ? unifiedCpu() : legacyCpu();
            case "devices" -> restrictsDevices ? legacyDevices() : List.of();
            default ->
                limits.cpu().processors().map(list -> cpuset(list, place)).orElse(List.of());
        };
    }

    private List<String> unifiedMemory() {
        List<String> settings = new ArrayList<>();
        if (limits.memory().isPresent()) {
            settings.add("memory.max=" + limits.memory().getAsLong());
            OptionalLong both = swapAndMemory();
            settings.add("memory.swap.max="
                    + (both.isPresent() ? both.getAsLong() - limits.memory().getAsLong() : "max"));
            // The step as a whole: a build that lost one process to the limit would go on in an unknown state.
            settings.add("memory.oom.group=1");
        }
        return settings;
    }

    private List<String> legacyMemory() {
        List<String> settings = new ArrayList<>();
        if (limits.memory().isPresent()) {
            settings.add("memory.limit_in_bytes=" + limits.memory().getAsLong());
            // After the other, which it may not be less than.
            swapAndMemory().ifPresent(both -> settings.add("memory.memsw.limit_in_bytes=" + both));
        }
        return settings;
    }

    /** Twice the memory unless told otherwise, as Docker has it; empty for any swap. */
    private OptionalLong swapAndMemory() {
        if (limits.memorySwap().isEmpty()) {
            return OptionalLong.of(2 * limits.memory().orElseThrow());
        }
        return limits.memorySwap().getAsLong() == StepLimits.UNLIMITED ? OptionalLong.empty() : limits.memorySwap();
    }

    private List<String> unifiedCpu() {
        List<String> settings = new ArrayList<>();
        CpuLimits cpu = limits.cpu();
        cpu.quotaMicros().ifPresent(quota -> settings.add("cpu.max=" + quota + " " + cpu.periodMicros()));
        cpu.shares().ifPresent(shares -> settings.add("cpu.weight=" + CpuLimits.weight(shares)));
        return settings;
    }

    private List<String> legacyCpu() {
        List<String> settings = new ArrayList<>();
        CpuLimits cpu = limits.cpu();
        cpu.quotaMicros().ifPresent(quota -> {
            settings.add("cpu.cfs_period_us=" + cpu.periodMicros());
            settings.add("cpu.cfs_quota_us=" + quota);
        });
        cpu.shares().ifPresent(shares -> settings.add("cpu.shares=" + shares));
        return settings;
    }

    // A version 1 cgroup has no memory nodes of its own until it is given some, and takes no process before.
    private List<String> cpuset(String list, CgroupPlace place) {
        return place.version() == 2
                ? List.of("cpuset.cpus=" + list)
                : List.of("cpuset.mems=" + machine.memoryNodes(), "cpuset.cpus=" + list);
    }

    private static List<String> legacyDevices() {
        List<String> settings = new ArrayList<>();
        settings.add("devices.deny=a");
        DeviceRule.STANDARD.forEach(rule -> settings.add("devices.allow=" + rule));
        return settings;
    }

    private List<Tripwire> tripwires(String controller, int version) {
        if (controller.equals("pids")) {
            String sentence = "it met its limit of " + limits.pids() + " processes (--pids-limit)";
            return List.of(new Tripwire("pids.events", "max", FORK_PATIENCE_MILLIS, sentence));
        }
        if (controller.equals("memory") && limits.memory().isPresent()) {
            String file = version == 2 ? "memory.events" : "memory.oom_control";
            String sentence = "it met its limit of " + size(limits.memory().getAsLong()) + " of memory (--memory)";
            return List.of(new Tripwire(file, "oom_kill", 0, sentence));
        }
        return List.of();
    }

    private void standIn() {
        if (machine.cgroupWith("pids").isEmpty()) {
            long most = (long) limits.pids() + OWN_THREADS;
            rlimits.add(new Limit(Resource.PROCESSES, most, most));
            // The kernel excepts the machine's own root (copy_process in kernel/fork.c).
            boolean isExcepted = isRoot && machine.uids().isWhole();
            note(
                    isExcepted
                            ? "--pids-limit is not kept for root"
                            : "--pids-limit is only kept for all processes of its user together (RLIMIT_NPROC)",
                    "pids");
        }
        if (limits.memory().isPresent() && machine.cgroupWith("memory").isEmpty()) {
            long bytes = limits.memory().getAsLong();
            rlimits.add(new Limit(Resource.DATA, bytes, bytes));
            note("--memory is only kept for each process of its own (RLIMIT_DATA)", "memory");
        }
        boolean cpu =
                limits.cpu().quotaMicros().isPresent() || limits.cpu().shares().isPresent();
        if (cpu && machine.cgroupWith("cpu").isEmpty()) {
            note("--cpus, --cpu-quota and --cpu-shares are not kept", "cpu");
        }
        if (limits.cpu().processors().isPresent()
                && machine.cgroupWith("cpuset").isEmpty()) {
            note("--cpuset-cpus is not kept", "cpuset");
        }
    }

    private void note(String what, String controller) {
        notes.add("the step's " + what + ": no cgroup with the " + controller + " controller can be written here");
    }

    private static String size(long bytes) {
        return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
    }
}
