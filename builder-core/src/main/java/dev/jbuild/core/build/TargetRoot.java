package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.io.IOException;
import java.util.Optional;

/** What is known of the filesystem that a step writes into. */
interface TargetRoot {
    /** What is known of the entry at a path without links in its parents; the entry itself is not followed. */
    Optional<LayerEntry> find(EntryPath path) throws IOException;

    /**
     * Whether a directory of which nothing is known is taken to exist. A layer then leaves it out, so that its owner,
     * its mode, or its being a link, stays what the base says.
     */
    boolean presumes(EntryPath directory);
}
