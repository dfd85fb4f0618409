package dev.jbuild.core.build;

import dev.jbuild.core.plan.BuildGraph;
import dev.jbuild.oci.Platform;

/**
 * What a build came to for one platform.
 *
 * @param platform as it was asked for
 */
record PlatformResult(Platform platform, BuildGraph graph, Snapshot filesystem) {
    /** What its directory is called where the filesystems of several platforms lie side by side. */
    String directory() {
        return platform.toString().replace('/', '_');
    }
}
