package dev.jbuild.runtime;

import java.util.List;

/**
 * Whom a step runs as, by number; names are resolved by whoever reads the image's passwd.
 *
 * @param groups the supplementary groups, exactly (setgroups(2)); the host's never leak in (CVE-2023-25173)
 */
public record ProcessUser(long uid, long gid, List<Long> groups) {
    /** The user and group 0 without supplementary groups. */
    public static final ProcessUser ROOT = new ProcessUser(0, 0, List.of());

    // 2^32-1 is "no change" to setuid(2) and chown(2), so it is nobody's id.
    private static final long MAX_ID = 0xffff_fffeL;

    private static final int MAX_GROUPS = 65_536;

    public ProcessUser {
        groups = List.copyOf(groups);
        check("user", uid);
        check("group", gid);
        groups.forEach(group -> check("group", group));
        if (groups.size() > MAX_GROUPS) {
            throw new IllegalArgumentException("more than " + MAX_GROUPS + " groups (the kernel's NGROUPS_MAX)");
        }
    }

    private static void check(String what, long id) {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException(what + " id out of range 0.." + MAX_ID + ": " + id);
        }
    }
}
