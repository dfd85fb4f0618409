package dev.jbuild.runtime.confine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The parts of root's power (capabilities(7)), in the order of their numbers. */
public enum Capability {
    CHOWN,
    DAC_OVERRIDE,
    DAC_READ_SEARCH,
    FOWNER,
    FSETID,
    KILL,
    SETGID,
    SETUID,
    SETPCAP,
    LINUX_IMMUTABLE,
    NET_BIND_SERVICE,
    NET_BROADCAST,
    NET_ADMIN,
    NET_RAW,
    IPC_LOCK,
    IPC_OWNER,
    SYS_MODULE,
    SYS_RAWIO,
    SYS_CHROOT,
    SYS_PTRACE,
    SYS_PACCT,
    SYS_ADMIN,
    SYS_BOOT,
    SYS_NICE,
    SYS_RESOURCE,
    SYS_TIME,
    SYS_TTY_CONFIG,
    MKNOD,
    LEASE,
    AUDIT_WRITE,
    AUDIT_CONTROL,
    SETFCAP,
    MAC_OVERRIDE,
    MAC_ADMIN,
    SYSLOG,
    WAKE_ALARM,
    BLOCK_SUSPEND,
    AUDIT_READ,
    PERFMON,
    BPF,
    CHECKPOINT_RESTORE;

    private static final String PREFIX = "CAP_";

    /** What a step gets by default: Podman's eleven. NET_RAW and MKNOD, which Docker adds, have an exploit history. */
    public static final Set<Capability> STANDARD = Collections.unmodifiableSet(EnumSet.of(
            CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT));

    /**
     * The capability of that name, with or without {@code CAP_}, in any case.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Capability parse(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
        for (Capability capability : values()) {
            if (capability.name().equals(bare)) {
                return capability;
            }
        }
        throw new IllegalArgumentException("there is no capability " + name + " (see man 7 capabilities)");
    }

    /** Whether a set as the kernel writes it has this one. */
    public boolean isIn(long mask) {
        return (mask & bit()) != 0;
    }

    /** The set as the kernel writes it: bit N for capability N. */
    public static long mask(Set<Capability> capabilities) {
        long mask = 0;
        for (Capability capability : capabilities) {
            mask |= capability.bit();
        }
        return mask;
    }

    // The constants stand in the kernel's order, which never changes.
    @SuppressWarnings("EnumOrdinal")
    private long bit() {
        return 1L << ordinal();
    }
}
