package dev.jbuild.runtime;

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
    }

    private void checkIds(ProcessUser user, Machine machine) throws RuntimeUnavailableException {
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
