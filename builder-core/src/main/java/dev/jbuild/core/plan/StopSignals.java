package dev.jbuild.core.plan;

import java.util.Locale;
import java.util.Set;

/** The signal names of Linux (signal(7)), for STOPSIGNAL. */
final class StopSignals {
    private static final int LAST = 64;
    private static final Set<String> NAMES = Set.of(
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ");

    private StopSignals() {}

    /** Whether the text is a signal's number, or its name with or without {@code SIG}. */
    static boolean isValid(String text) {
        if (!text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int number = Integer.parseInt(text);
            return number > 0 && number <= LAST;
        }
        String name = text.toUpperCase(Locale.ROOT);
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        return NAMES.contains(bare) || isRealTime(bare);
    }

    private static boolean isRealTime(String name) {
        if (name.equals("RTMIN") || name.equals("RTMAX")) {
            return true;
        }
        boolean offset = name.startsWith("RTMIN+") || name.startsWith("RTMAX-");
        return offset
                && name.length() <= 8
                && name.substring(6).chars().allMatch(c -> c >= '0' && c <= '9')
                && name.length() > 6;
    }
}
