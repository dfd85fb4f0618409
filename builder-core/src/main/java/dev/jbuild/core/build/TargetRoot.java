package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.io.IOException;
import java.util.Optional;

/** What is known of the filesystem that a step writes into. */
interface TargetRoot {
    /**
     * What lies at a path without links in its parents; the entry itself is not followed.
     *
     * @throws BaseNeededException when only the layers of the base can tell
     */
    Optional<LayerEntry> find(EntryPath path) throws IOException;
}
