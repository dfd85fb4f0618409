package dev.jbuild.runtime;

import dev.jbuild.runtime.confine.Capability;
import java.util.Set;
import java.util.stream.LongStream;

/** Refuses, with the fix, what this machine cannot give a step. */
record Requirements(Entered entered) {
    private static final String SUBORDINATE_IDS = "apt install uidmap; usermod --add-subuids 100000-165535 "
            + "--add-subgids 100000-165535 USER, then start jbuild again; or build as root";

    void check(StepSpec spec, Machine machine) throws RuntimeUnavailableException {
        if (!machine.mayMount()) {
            throw new RuntimeUnavailableException(
                    "a step needs namespaces, and this process may not make them: " + entered.reason(),
                    "start jbuild through its launcher, or as root");
        }
        checkIds(spec.user(), machine);
        checkCapabilities(spec.security(), machine);
    }

    /** Refuses what no security module of this kernel can do. */
    void check(StepSecurity security, SecurityModules modules) throws RuntimeUnavailableException {
        if (security.apparmor().isPresent() && !modules.apparmor()) {
            throw new RuntimeUnavailableException(
                    "this kernel has no AppArmor for the profile "
                            + security.apparmor().get(),
                    "leave --security-opt apparmor out");
        }
        if (security.selinux().isPresent() && !modules.selinux()) {
            throw new RuntimeUnavailableException(
                    "this kernel has no SELinux for the label "
                            + security.selinux().get(),
                    "leave --security-opt label out");
        }
    }

    /** Refuses name servers that a step would look for on a loopback of its own. */
    static void check(Resolver resolver, Link link) throws RuntimeUnavailableException {
        boolean hasOwnLoopback = link instanceof Link.Pasta || link instanceof Link.Slirp;
        if (hasOwnLoopback && !resolver.loopbackServers().isEmpty()) {
            throw new RuntimeUnavailableException(
                    "a step with a network of its own does not reach the name server "
                            + resolver.loopbackServers().getFirst() + " on this machine's loopback",
                    "give --network=host, or leave it out: the host's own resolver is passed on");
        }
    }

    // The standard ones are taken for granted; what was asked for beside them must be there.
    private static void checkCapabilities(StepSecurity security, Machine machine) throws RuntimeUnavailableException {
        for (Capability capability : security.masked() ? security.capabilities() : Set.<Capability>of()) {
            if (!Capability.STANDARD.contains(capability) && !capability.isIn(machine.capabilities())) {
                throw new RuntimeUnavailableException(
                        "a step cannot have CAP_" + capability + ", for the builder does not have it itself",
                        "build as root of the machine, or without --cap-add " + capability);
            }
        }
    }

    private void checkIds(ProcessUser user, Machine machine) throws RuntimeUnavailableException {
        if (machine.hasSingleId()) {
            return;
        }
        if (!machine.uids().contains(user.uid())) {
            throw missing("user", user.uid());
        }
        if (!machine.gids().contains(user.gid())) {
            throw missing("group", user.gid());
        }
        LongStream groups = user.groups().stream().mapToLong(Long::longValue);
        var unmapped = groups.filter(group -> !machine.gids().contains(group)).findFirst();
        if (unmapped.isPresent()) {
            throw missing("group", unmapped.getAsLong());
        }
    }

    private RuntimeUnavailableException missing(String kind, long id) {
        String because = entered.reason().isEmpty() ? "" : ": " + entered.reason();
        return new RuntimeUnavailableException(
                "the step needs the " + kind + " " + id + ", which this user namespace does not have" + because,
                SUBORDINATE_IDS);
    }
}
