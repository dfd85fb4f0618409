package dev.jbuild.runtime.confine;

import java.util.List;

/**
 * Which system calls are answered how.
 *
 * @param fallback for calls that no rule fits
 * @param unknown for calls younger than the profile; ENOSYS lets a C library fall back by itself
 * @param rules of several for one call, the first one whose checks all hold decides
 */
public record SeccompProfile(Action fallback, Action unknown, List<Rule> rules) {
    public SeccompProfile {
        rules = List.copyOf(rules);
    }

    /** What happens to a call; {@code code} is seccomp's return value. */
    public record Action(int code) {
        public static final Action ALLOW = new Action(0x7fff_0000);
        /** The process ends. */
        public static final Action KILL = new Action(0x8000_0000);

        /** The thread ends, which the rest of its process may not survive in good order. */
        public static final Action KILL_THREAD = new Action(0);

        /** The process gets SIGSYS. */
        public static final Action TRAP = new Action(0x0003_0000);

        /** The call works, and the kernel's log says so. */
        public static final Action LOG = new Action(0x7ffc_0000);

        private static final int ERRNO = 0x0005_0000;

        /** The call fails with this errno. */
        public static Action errno(int errno) {
            if (errno < 1 || errno > 4095) {
                throw new IllegalArgumentException("not an errno: " + errno);
            }
            return new Action(ERRNO | errno);
        }

        /** The errno that the call fails with; 0 when this action is another. */
        public int errno() {
            return (code & 0xffff_0000) == ERRNO ? code & 0xffff : 0;
        }
    }

    /** An action for one call, if all checks of its arguments hold. */
    public record Rule(String syscall, List<Check> checks, Action action) {
        public Rule {
            checks = List.copyOf(checks);
        }
    }

    /** How an argument is compared. */
    public enum Comparison {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL
    }

    /**
     * Holds when {@code (argument & mask)} compares so with value, both unsigned.
     *
     * @param index which argument, from 0
     */
    public record Check(int index, long mask, Comparison comparison, long value) {
        private static final int ARGUMENTS = 6;

        public Check {
            if (index < 0 || index >= ARGUMENTS) {
                throw new IllegalArgumentException("a system call has no argument " + index);
            }
        }
    }
}
