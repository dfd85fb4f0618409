package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of permission bits in the symbolic form of chmod(1), in order: {@code u=rwX,go=rX}. As with BuildKit there is no
 * umask: {@code +x} is {@code a+x}.
 */
record SymbolicMode(String text, List<Change> changes) implements Chmod {
    private static final int SETUID = 04000;
    private static final int SETGID = 02000;
    private static final int STICKY = 01000;
    private static final int ALL = SETUID | SETGID | 0777;
    private static final int EXECUTE = 0111;

    SymbolicMode {
        changes = List.copyOf(changes);
    }

    /** A change of some bits. */
    sealed interface Change {
        /** Sets bits. */
        record Set(int bits) implements Change {}

        /** Clears bits. */
        record Clear(int bits) implements Change {}

        /** Sets execute bits of directories and of files that had some before all changes ({@code X}). */
        record SetIfExecutable(int bits) implements Change {}

        /**
         * Copies the three bits of one class to others, or takes them from them ({@code g=u}, {@code o-g}).
         *
         * @param shift of the class copied from: 6 for the owner, 3 for the group, 0 for others
         * @param to the bits that may change
         */
        record Copy(int shift, int to, char operator) implements Change {}
    }

    static SymbolicMode parse(String text) throws ExpansionException {
        return new SymbolicMode(text, new Parser(text).changes());
    }

    @Override
    public int applyTo(int mode, boolean directory) {
        boolean executable = directory || (mode & EXECUTE) != 0;
        int changed = mode;
        for (Change change : changes) {
            changed = switch (change) {
                case Change.Set(int bits) -> changed | bits;
                case Change.Clear(int bits) -> changed & ~bits;
                case Change.SetIfExecutable(int bits) -> executable ? changed | bits : changed;
                case Change.Copy copy -> copied(changed, copy);
            };
        }
        return changed;
    }

    private static int copied(int mode, Change.Copy copy) {
        int three = (mode >> copy.shift()) & 7;
        int everywhere = (three << 6 | three << 3 | three) & copy.to();
        return switch (copy.operator()) {
            case '+' -> mode | everywhere;
            case '-' -> mode & ~everywhere;
            default -> (mode & ~(copy.to() & 0777)) | everywhere;
        };
    }

    /** Reads {@code [ugoa]*([-+=][rwxXstugo]*)+} clauses between commas, with the quirks of BSD's setmode(3). */
    private static final class Parser {
        private final String text;
        private final List<Change> changes = new ArrayList<>();
        private int at;
        private boolean assigned;

        Parser(String text) {
            this.text = text;
        }

        List<Change> changes() throws ExpansionException {
            clause();
            while (at < text.length()) {
                at++;
                clause();
            }
            return changes;
        }

        private void clause() throws ExpansionException {
            int who = who();
            do {
                operation(who);
            } while (at < text.length() && peek() != ',');
        }

        private int who() {
            int who = 0;
            while (true) {
                switch (peek()) {
                    case 'a' -> who |= ALL;
                    case 'u' -> who |= SETUID | 0700;
                    case 'g' -> who |= SETGID | 0070;
                    case 'o' -> who |= 0007;
                    default -> {
                        return who;
                    }
                }
                at++;
            }
        }

        private void operation(int givenWho) throws ExpansionException {
            char operator = peek();
            if (operator != '+' && operator != '-' && operator != '=') {
                throw new ExpansionException("invalid chmod parameter: '" + text
                        + "'. it should be an octal number up to 07777, or symbolic as u=rwX,go=rX");
            }
            at++;
            assigned = operator != '=' && assigned;
            new Operation(operator, givenWho).read();
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        /** One operator and its permissions. */
        private final class Operation {
            private final char operator;
            private int who;
            private int bits;
            private int conditional;

            Operation(char operator, int who) {
                this.operator = operator;
                this.who = who;
            }

            void read() {
                while (take(peek())) {
                    at++;
                }
                if (bits != 0 || (operator == '=' && !assigned)) {
                    assigned |= operator == '=';
                    flushBits();
                }
                flushConditional();
            }

            /** False at a character that is no permission. */
            private boolean take(char c) {
                // Set-id and sticky bits mean nothing to "others" alone.
                boolean others = who != 0 && (who & ~0007) == 0;
                switch (c) {
                    case 'r' -> bits |= 0444;
                    case 'w' -> bits |= 0222;
                    case 'x' -> bits |= EXECUTE;
                    case 'X' -> takeConditional();
                    case 's' -> bits |= others ? 0 : SETUID | SETGID;
                    case 't' -> takeSticky(others);
                    case 'u' -> copy(6);
                    case 'g' -> copy(3);
                    case 'o' -> copy(0);
                    default -> {
                        return false;
                    }
                }
                return true;
            }

            private void takeConditional() {
                if (operator == '-') {
                    bits |= EXECUTE;
                } else {
                    conditional = EXECUTE;
                }
            }

            private void takeSticky(boolean others) {
                if (!others) {
                    who |= STICKY;
                    bits |= STICKY;
                }
            }

            private void copy(int shift) {
                if (bits != 0) {
                    flushBits();
                }
                assigned |= operator == '=';
                flushConditional();
                changes.add(new Change.Copy(shift, who == 0 ? MAX : who, operator));
            }

            private void flushBits() {
                int chosen = who == 0 ? bits : who & bits;
                switch (operator) {
                    case '+' -> changes.add(new Change.Set(chosen));
                    case '-' -> changes.add(new Change.Clear(chosen));
                    default -> {
                        changes.add(new Change.Clear(who == 0 ? ALL : who));
                        changes.add(new Change.Set(chosen));
                    }
                }
                bits = 0;
            }

            private void flushConditional() {
                if (conditional != 0) {
                    changes.add(new Change.SetIfExecutable(who == 0 ? conditional : who & conditional));
                }
                conditional = 0;
            }
        }
    }
}
