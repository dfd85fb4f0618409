package dev.jbuild.cli;

import java.io.InputStream;
import java.io.PrintStream;
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

    /** A variable that is set to something. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isEmpty());
    }
}
