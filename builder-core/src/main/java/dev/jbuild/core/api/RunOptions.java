package dev.jbuild.core.api;

import java.util.List;

/**
 * How RUN steps are carried out.
 *
 * @param network {@code default}, {@code none} or {@code host}
 * @param runtime {@code embedded}, or an OCI runtime by name or path
 * @param addHosts {@code name:address} entries for the steps' hosts file
 */
public record RunOptions(String network, String runtime, List<String> addHosts) {
    /** What a build does when nothing is said. */
    public static final RunOptions DEFAULT = new RunOptions("default", "embedded", List.of());

    public RunOptions {
        addHosts = List.copyOf(addHosts);
    }
}
