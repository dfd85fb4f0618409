package dev.jbuild.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process finds around it; nothing below looks for itself.
 *
 * @param directory the working directory
 */
record Surroundings(Map<String, String> environment, Path directory, InputStream in, PrintStream out, PrintStream err) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofThisProcess() {
        return new Surroundings(System.getenv(), Path.of("").toAbsolutePath(), System.in, System.out, System.err);
    }

    /** Whether what goes to standard error is seen on a terminal that can move its cursor. */
    boolean errIsTerminal() {
        return err == System.err
                && variable("TERM").filter(term -> !term.equals("dumb")).isPresent()
                && isTerminal(2);
    }

    /** Whether standard input is a person at a terminal. */
    boolean inIsTerminal() {
        return in == System.in && isTerminal(0);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            // Without /proc nobody can tell; plain lines are right everywhere.
            return false;
        }
    }

    /** A variable that is set to something. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isEmpty());
    }
}
