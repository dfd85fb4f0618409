package dev.jbuild.runtime;

import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.launch.Launch;
import dev.jbuild.runtime.launch.Launch.Cgroup;
import dev.jbuild.runtime.launch.Launch.Confinement;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import dev.jbuild.runtime.launch.Namespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns a step into a launch: the policy of the embedded box, without a look at anything but its arguments. */
final class LaunchPlanner {
    // A soft limit of 1024 keeps old tools, which close every possible descriptor, from closing a million of them.
    private static final long SOFT_OPEN_FILES = 1024;
    private static final long HARD_OPEN_FILES = 1_048_576;

    private LaunchPlanner() {}

    static Launch plan(StepSpec spec, Link link, Host host) {
        BoxFiles files = BoxFiles.of(spec, link, host.resolvConf());
        return new Launch(
                spec.rootfs().lower(),
                spec.rootfs().upper(),
                spec.rootfs().work(),
                Optional.empty(),
                namespaces(link),
                spec.hostname(),
                BoxOperations.of(host.machine(), link, files),
                spec.argv(),
                spec.env(),
                spec.cwd(),
                Optional.of(confinement(spec, host)),
                cgroups(spec.limits(), host.machine()),
                network(link),
                List.of());
    }

    /** All of them, but for the network's where the step is to have the host's. */
    static Set<Namespace> namespaces(Link link) {
        EnumSet<Namespace> namespaces = EnumSet.allOf(Namespace.class);
        if (link instanceof Link.Host) {
            namespaces.remove(Namespace.NETWORK);
        }
        return namespaces;
    }

    static List<String> network(Link link) {
        return switch (link) {
            case Link.Pasta pasta -> pasta.command();
            case Link.Host _, Link.Isolated _ -> List.of();
        };
    }

    static List<Limit> limits(Machine machine) {
        long hard = Math.min(HARD_OPEN_FILES, machine.openFiles());
        return List.of(
                new Limit(Resource.OPEN_FILES, Math.min(SOFT_OPEN_FILES, hard), hard), new Limit(Resource.CORE, 0, 0));
    }

    private static Confinement confinement(StepSpec spec, Host host) {
        return new Confinement(
                spec.user().uid(),
                spec.user().gid(),
                host.machine().maySetGroups() ? Optional.of(spec.user().groups()) : Optional.empty(),
                Capability.STANDARD,
                limits(host.machine()),
                host.seccomp(),
                spec.noNewPrivileges());
    }

    private static List<Cgroup> cgroups(StepLimits limits, Machine machine) {
        return machine.cgroups().stream()
                .map(place -> new Cgroup(place.version(), place.directory(), List.of("pids.max=" + limits.pids())))
                .toList();
    }
}
