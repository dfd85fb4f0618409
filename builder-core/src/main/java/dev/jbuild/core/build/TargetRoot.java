package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
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

    /**
     * Hears of a directory that is about to be made because nothing is known of its path.
     *
     * @throws BaseNeededException when it may well exist in the base, and then must not become this one
     */
    void beforeMaking(LayerEntry directory) throws BaseNeededException;

    /**
     * Hears of a file that is about to get the name of its destination, because nothing is known of that path.
     *
     * @param source the file's own name
     * @throws BaseNeededException when the path may well be a directory of the base, which takes the file instead
     */
    void beforeNaming(EntryPath destination, Bytes source) throws BaseNeededException;
}
