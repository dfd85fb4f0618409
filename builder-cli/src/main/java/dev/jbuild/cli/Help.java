package dev.jbuild.cli;

/** The texts of {@code --help}. */
final class Help {
    private static final int SUMMARY_COLUMN = 18;
    private static final int FLAG_COLUMN = 38;

    private Help() {}

    static String overview() {
        StringBuilder text = new StringBuilder("""
                Usage: jbuild [build] [FLAGS] PATH|ADDRESS|-
                       jbuild COMMAND [FLAGS] [NAME...]

                Builds OCI images from Dockerfiles: no daemon, no root needed. The context is a directory, the address of a
                git repository or of an archive, or - for an archive or a Dockerfile on standard input.

                Commands:
                """);
        for (Command command : Command.values()) {
            row(text, SUMMARY_COLUMN, command.word(), command.summary());
        }
        row(text, SUMMARY_COLUMN, "--version", "Print the version");
        return text.append("\njbuild COMMAND --help tells the flags of a command.\n")
                .toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder("Usage: jbuild " + command.word() + " [FLAGS] " + command.operands());
        text.append("\n\n").append(command.summary()).append(".\n\nFlags:\n");
        for (Flag flag : CommandFlags.of(command)) {
            if (!flag.help().isEmpty()) {
                row(text, FLAG_COLUMN, names(flag), flag.help());
            }
        }
        return text.toString();
    }

    private static String names(Flag flag) {
        String shortName = flag.shortName().isEmpty() ? "    " : flag.shortName() + ", ";
        return shortName + flag.name() + (flag.isSwitch() ? "" : " " + flag.value());
    }

    private static void row(StringBuilder text, int column, String left, String right) {
        text.append("  ").append(left).append(" ".repeat(Math.max(1, column - left.length())));
        text.append(right).append('\n');
    }
}
