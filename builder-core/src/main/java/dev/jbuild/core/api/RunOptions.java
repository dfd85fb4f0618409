package dev.jbuild.core.api;

import dev.jbuild.runtime.Resolver;
import dev.jbuild.runtime.StepLimits;
import dev.jbuild.runtime.StepSecurity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How RUN steps are carried out.
 *
 * @param network {@code default}, {@code none} or {@code host}
 * @param runtime {@code embedded}, or an OCI runtime by name or path
 * @param addHosts {@code name:address} entries for the steps' hosts file
 * @param limits what each step may use
 * @param security what each step may ask of the kernel
 * @param roots how the layers become a step's root
 * @param resolver what steps ask for the addresses of hosts
 * @param failureTerminal a path that opens the terminal at which a shell is opened in the box of a step that failed; empty for
 *     none
 */
public record RunOptions(
        String network,
        String runtime,
        List<String> addHosts,
        StepLimits limits,
        StepSecurity security,
        Roots roots,
        Resolver resolver,
        Optional<Path> failureTerminal) {
    /** How the layers become a step's root. */
    public enum Roots {
        /** By overlayfs; where that is not to be had, by a copy. */
        AUTO,
        /** By overlayfs or not at all. */
        OVERLAY,
        /** By a copy of all files for each step. */
        COPY
    }

    /** What a build does when nothing is said. */
    public static final RunOptions DEFAULT = new RunOptions("default", "embedded", List.of());

    public RunOptions {
        addHosts = List.copyOf(addHosts);
    }

    /** The standard limits and security with these. */
    public RunOptions(String network, String runtime, List<String> addHosts) {
        this(
                network,
                runtime,
                addHosts,
                StepLimits.STANDARD,
                StepSecurity.STANDARD,
                Roots.AUTO,
                Resolver.OF_HOST,
                Optional.empty());
    }
}
