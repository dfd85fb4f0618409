package dev.jbuild.runtime;

import java.util.List;
import java.util.regex.Pattern;

/** Where in a step's root something can be mounted. */
final class MountTarget {
    // Empty components, a last slash, dots, NUL.
    private static final Pattern UNCLEAN = Pattern.compile("//|/$|/\\.\\.?(/|$)|\0");

    /** Places of the box's own, with all below them: what is seen there says what the step is confined to. */
    private static final List<String> CLOSED = List.of("/proc", "/sys");

    private MountTarget() {}

    static void require(String target) {
        if (!target.startsWith("/") || UNCLEAN.matcher(target).find()) {
            throw new IllegalArgumentException("not a clean absolute path below /: " + target);
        }
        boolean closed = CLOSED.stream().anyMatch(own -> target.equals(own) || target.startsWith(own + "/"));
        if (closed || target.equals("/dev")) {
            throw new IllegalArgumentException("nothing can be mounted at " + target + ", which is the step's own");
        }
    }
}
