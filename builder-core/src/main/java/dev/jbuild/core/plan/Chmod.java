package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;

/** What {@code --chmod} makes of the permission bits of each file that is copied. */
public sealed interface Chmod permits Chmod.Exact, SymbolicMode {
    /** The largest mode: permissions with setuid, setgid and sticky. */
    int MAX = 07777;

    /** The mode of a file that has this one, both 0 to 07777. */
    int applyTo(int mode, boolean directory);

    /** As it is written: equal texts, equal changes. */
    String text();

    /** The same bits for every file. */
    record Exact(int mode) implements Chmod {
        @Override
        public int applyTo(int ignored, boolean directory) {
            return mode;
        }

        @Override
        public String text() {
            return Integer.toOctalString(mode);
        }
    }

    /** Reads an octal number up to 07777, or the symbolic form of chmod(1). */
    static Chmod parse(String text) throws ExpansionException {
        boolean octal = text.length() <= 12 && text.chars().allMatch(c -> c >= '0' && c <= '7');
        if (octal && Long.parseLong(text, 8) <= MAX) {
            return new Exact(Integer.parseInt(text, 8));
        }
        boolean numeric = text.charAt(0) >= '0' && text.charAt(0) <= '9';
        if (!numeric) {
            return SymbolicMode.parse(text);
        }
        throw new ExpansionException(
                "invalid chmod parameter: '" + text + "'. it should be octal string and between 0 and 07777");
    }
}
