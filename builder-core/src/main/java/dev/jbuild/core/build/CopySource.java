package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import java.io.IOException;
import java.util.List;

/** Where a copy takes its files from. */
sealed interface CopySource {
    /** The build context. */
    record Context() implements CopySource {}

    /** Another filesystem of the build, which may still be in the making. */
    record Stage(Awaited snapshot) implements CopySource {}

    /** The build context, and what is fetched from elsewhere, for each remote part one filesystem. */
    record Fetched(List<Awaited> snapshots) implements CopySource {
        public Fetched {
            snapshots = List.copyOf(snapshots);
        }
    }

    /** A filesystem that one can wait for. */
    @FunctionalInterface
    interface Awaited {
        Snapshot get() throws IOException, BuildException, InterruptedException;
    }
}
