package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Launch;
import dev.jbuild.runtime.launch.Launch.Confinement;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import dev.jbuild.runtime.launch.Namespace;
import dev.jbuild.runtime.launch.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a step into a launch: the policy of the embedded box, without a look at anything but its arguments. */
final class LaunchPlanner {
    // A soft limit of 1024 keeps old tools, which close every possible descriptor, from closing a million of them.
    private static final long SOFT_OPEN_FILES = 1024;
    private static final long HARD_OPEN_FILES = 1_048_576;

    // Of 1000: when memory runs out, a step is ended before whatever else of the host has twice its size.
    static final int OOM_SCORE = 500;

    private LaunchPlanner() {}

    static Launch plan(StepSpec spec, Link link, Host host, CgroupPlanner.Plan resources) {
        BoxFiles files = BoxFiles.of(spec, link, host.resolvConf());
        return new Launch(
                spec.rootfs().lower(),
                spec.rootfs().upper(),
                spec.rootfs().work(),
                spec.rootfs().isPlain(),
                Optional.empty(),
                namespaces(link),
                spec.hostname(),
                operations(spec, host.machine(), link, files),
                spec.argv(),
                spec.env(),
                spec.cwd(),
                Optional.of(confinement(spec, host, resources.rlimits())),
                resources.cgroups(),
                CgroupPlanner.disk(spec.limits(), spec.rootfs()),
                OOM_SCORE,
                network(link),
                input(spec.input()),
                terminal(spec.input()),
                List.of());
    }

    // What the step asks for comes last: it may lie in what the box mounts (/dev/pipes).
    private static List<Operation> operations(StepSpec spec, Machine machine, Link link, BoxFiles files) {
        List<Operation> operations = new ArrayList<>(BoxOperations.of(machine, link, files, spec));
        operations.addAll(MountOperations.of(spec.mounts()));
        return operations;
    }

    /** All of them, but for the network's where the step is to have the host's. */
    static Set<Namespace> namespaces(Link link) {
        EnumSet<Namespace> namespaces = EnumSet.allOf(Namespace.class);
        if (link instanceof Link.Host) {
            namespaces.remove(Namespace.NETWORK);
        }
        return namespaces;
    }

    static Optional<Path> input(StepInput input) {
        return switch (input) {
            case StepInput.Stream(var file) -> Optional.of(file);
            case StepInput.Nothing _, StepInput.Terminal _ -> Optional.empty();
        };
    }

    private static Optional<Path> terminal(StepInput input) {
        return switch (input) {
            case StepInput.Terminal(var device) -> Optional.of(device);
            case StepInput.Nothing _, StepInput.Stream _ -> Optional.empty();
        };
    }

    static List<String> network(Link link) {
        return switch (link) {
            case Link.Pasta pasta -> pasta.command();
            case Link.Slirp slirp -> slirp.command();
            case Link.Host _, Link.Isolated _ -> List.of();
        };
    }

    /** The limits of each process: the box's own, then those that stand in for a cgroup, then the user's. */
    static List<Limit> limits(Machine machine, List<Limit> standIns, List<Limit> asked) {
        long hard = Math.min(HARD_OPEN_FILES, machine.openFiles());
        Map<Resource, Limit> limits = new EnumMap<>(Resource.class);
        limits.put(Resource.OPEN_FILES, new Limit(Resource.OPEN_FILES, Math.min(SOFT_OPEN_FILES, hard), hard));
        limits.put(Resource.CORE, new Limit(Resource.CORE, 0, 0));
        standIns.forEach(limit -> limits.put(limit.resource(), limit));
        asked.forEach(limit -> limits.put(limit.resource(), limit));
        return List.copyOf(limits.values());
    }

    /** What is written to files of /proc/self/attr before the command is executed (proc_pid_attr(5)). */
    private static List<String> labels(StepSecurity security) {
        List<String> labels = new ArrayList<>();
        security.apparmor().ifPresent(profile -> labels.add("apparmor/exec=exec " + profile));
        security.selinux().ifPresent(context -> labels.add("exec=" + context));
        return labels;
    }

    private static Confinement confinement(StepSpec spec, Host host, List<Limit> standIns) {
        boolean mayHaveGroups = host.machine().maySetGroups() || host.machine().hasSingleId();
        return new Confinement(
                spec.user().uid(),
                spec.user().gid(),
                mayHaveGroups ? Optional.of(spec.user().groups()) : Optional.empty(),
                spec.security().capabilities(),
                limits(host.machine(), standIns, spec.limits().ulimits()),
                host.filter(spec.security()),
                spec.security().noNewPrivileges(),
                labels(spec.security()),
                host.machine().hasSingleId());
    }
}
