package dev.jbuild.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Judges what a machine can give a build, and how it could give more.
 *
 * @param rung the best box that a step can have here, in one sentence
 * @param runs whether a build with RUN is possible
 */
public record Diagnosis(String rung, boolean runs, List<Check> checks) {
    /** How good a thing is. */
    public enum State {
        GOOD,
        /** Builds work, but less well than they could. */
        LESS,
        /** No build with RUN works without it. */
        MISSING
    }

    /**
     * One thing that was looked at.
     *
     * @param found what is there, or is not
     * @param fix the one line that would mend it; empty when nothing is to be mended
     */
    public record Check(String thing, State state, String found, Optional<String> fix) {}

    private static final long ENOUGH_BYTES = 1L << 30;
    private static final long MIB = 1L << 20;

    public Diagnosis {
        checks = List.copyOf(checks);
    }

    /** The judgement; it looks at nothing but its argument. */
    public static Diagnosis of(Findings found) {
        List<Check> checks = new ArrayList<>();
        checks.add(step(found));
        checks.add(entered(found));
        checks.add(mapper(found));
        checks.add(userNamespaces(found));
        checks.add(userOverlay(found));
        checks.add(cgroups(found));
        checks.add(seccomp(found));
        checks.add(landlock(found));
        checks.add(network(found));
        checks.add(emulators(found));
        checks.add(disk(found));
        return new Diagnosis(rung(found), found.trial().isEmpty(), checks);
    }

    private static String rung(Findings found) {
        if (found.trial().isPresent()) {
            return "none: only builds without RUN work here";
        }
        String limits = found.cgroups().contains("pids") ? ", with limits by cgroup" : ", without limits by cgroup";
        return switch (found.entered().rung()) {
            case ROOT -> "root: all namespaces and the filter of system calls" + limits;
            case MAPPED -> "mapped: a user namespace with all subordinate ids" + limits;
            case SINGLE -> "single: a user namespace with one id" + limits;
            case NONE -> "none of the ladder's: namespaces as the process was started with" + limits;
        };
    }

    private static Check step(Findings found) {
        return found.trial()
                .map(why -> missing("step", "a step cannot be run: " + why, stepFix(found)))
                .orElseGet(() -> good("step", "one was run in its box"));
    }

    private static String stepFix(Findings found) {
        return found.number("user-namespace") == 0
                ? "start jbuild through bin/jbuild, whose launcher makes the namespaces"
                : "sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000, or build as root";
    }

    private static Check entered(Findings found) {
        String reason = found.entered().reason();
        return switch (found.entered().rung()) {
            case ROOT -> good("identity", "root of the machine");
            case MAPPED -> good("identity", "a user with subordinate ids");
            case SINGLE ->
                less(
                        "identity",
                        "a user with one id: " + reason,
                        "usermod --add-subuids 100000-165535 " + "--add-subgids 100000-165535 USER");
            case NONE -> less("identity", "no namespaces of its own: " + reason, "start jbuild through bin/jbuild");
        };
    }

    private static Check mapper(Findings found) {
        return found.programs().contains("newuidmap") && found.programs().contains("newgidmap")
                ? good("newuidmap", "installed")
                : less("newuidmap", "not installed: ordinary users have one id in a step", "apt install uidmap");
    }

    private static Check userNamespaces(Findings found) {
        return found.number("user-namespace") == 0
                ? good("user namespaces", "for everybody")
                : less(
                        "user namespaces",
                        "not for ordinary users (errno " + found.number("user-namespace") + ")",
                        "sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000 "
                                + "kernel.apparmor_restrict_unprivileged_userns=0");
    }

    private static Check userOverlay(Findings found) {
        return found.number("user-overlay") == 0
                ? good("overlay", "also in a user namespace")
                : less(
                        "overlay",
                        "not in a user namespace (errno " + found.number("user-overlay") + ")",
                        "use Linux 5.11 or later, and modprobe overlay");
    }

    private static Check cgroups(Findings found) {
        TreeSet<String> lacking = new TreeSet<>(List.of("pids", "memory", "cpu", "cpuset"));
        lacking.removeAll(found.cgroups());
        return lacking.isEmpty()
                ? good("cgroups", "all limits can be kept")
                : less(
                        "cgroups",
                        "cannot be written for " + String.join(", ", lacking),
                        "run jbuild by: systemd-run --user --scope -p Delegate=yes jbuild ...");
    }

    private static Check seccomp(Findings found) {
        return found.number("seccomp") == 1
                ? good("seccomp", "filters of system calls work")
                : missing(
                        "seccomp",
                        "the kernel has no filters of system calls",
                        "use a kernel with CONFIG_SECCOMP_FILTER");
    }

    // Nothing is built on it yet: it is told because security policies ask for it.
    private static Check landlock(Findings found) {
        int version = found.number("landlock");
        return good("landlock", version > 0 ? "version " + version + " (not used)" : "not in this kernel (not used)");
    }

    private static Check network(Findings found) {
        if (found.programs().contains("pasta")) {
            return good("network", "steps have their own, connected by pasta");
        }
        return found.programs().contains("slirp4netns")
                ? good("network", "steps have their own, connected by slirp4netns")
                : less("network", "no pasta and no slirp4netns: steps share the host's network", "apt install passt");
    }

    private static Check emulators(Findings found) {
        return found.emulators().isEmpty()
                ? less("emulation", "programs of other machines do not run", "apt install qemu-user-binfmt")
                : good("emulation", String.join(" ", found.emulators()));
    }

    private static Check disk(Findings found) {
        String free = found.freeBytes() / MIB + " MiB free for the store";
        return found.freeBytes() >= ENOUGH_BYTES ? good("disk", free) : less("disk", free, "jbuild prune");
    }

    private static Check good(String thing, String found) {
        return new Check(thing, State.GOOD, found, Optional.empty());
    }

    private static Check less(String thing, String found, String fix) {
        return new Check(thing, State.LESS, found, Optional.of(fix));
    }

    private static Check missing(String thing, String found, String fix) {
        return new Check(thing, State.MISSING, found, Optional.of(fix));
    }
}
