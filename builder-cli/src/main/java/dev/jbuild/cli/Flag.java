package dev.jbuild.cli;

/**
 * One flag of a command.
 *
 * @param name with its dashes: {@code --tag}
 * @param shortName with its dash: {@code -t}; empty when there is none
 * @param value what the value is called in the help; empty for a switch
 * @param help one sentence; empty leaves the flag out of the help
 */
record Flag(String name, String shortName, String value, Support support, String help) {
    /** What giving the flag does. */
    enum Support {
        /** What it says. */
        HONOURED,
        /** Nothing but a note: it steered machinery that is not here, and the image is the same without it. */
        IGNORED,
        /** An error: the result would not be what the flag asks for. */
        NOT_YET
    }

    static Flag aSwitch(String name, String shortName, String help) {
        return new Flag(name, shortName, "", Support.HONOURED, help);
    }

    static Flag valued(String name, String shortName, String value, String help) {
        return new Flag(name, shortName, value, Support.HONOURED, help);
    }

    static Flag ignoredSwitch(String name) {
        return new Flag(name, "", "", Support.IGNORED, "");
    }

    static Flag ignored(String name, String shortName) {
        return new Flag(name, shortName, "VALUE", Support.IGNORED, "");
    }

    static Flag notYet(String name) {
        return new Flag(name, "", "VALUE", Support.NOT_YET, "");
    }

    boolean isSwitch() {
        return value.isEmpty();
    }
}
