package dev.jbuild.runtime;

/**
 * What the launcher's {@code enter} could give this process before the JVM started.
 *
 * @param reason why it could not give more, in one sentence; empty when there is no more to give
 */
public record Entered(Rung rung, String reason) {
    /** How the launcher tells: {@code rung:reason}. */
    public static final String VARIABLE = "JBUILD_ENTERED";

    /** The rungs of the ladder, best first. */
    public enum Rung {
        /** Root of the machine, in an own mount namespace. */
        ROOT,
        /** A user namespace with all subordinate ids of the user. */
        MAPPED,
        /** A user namespace in which only the user's own id exists, as root. */
        SINGLE,
        /** Nothing: the process runs as it was started. */
        NONE
    }

    /** Reads the value of {@link #VARIABLE}; one that the launcher did not write means that it was not used. */
    public static Entered parse(String value) {
        int colon = value.indexOf(':');
        if (colon < 0) {
            return new Entered(Rung.NONE, "not started through the launcher");
        }
        String reason = value.substring(colon + 1);
        return switch (value.substring(0, colon)) {
            case "root" -> new Entered(Rung.ROOT, reason);
            case "mapped" -> new Entered(Rung.MAPPED, reason);
            case "single" -> new Entered(Rung.SINGLE, reason);
            default -> new Entered(Rung.NONE, reason);
        };
    }
}
