package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.util.Optional;

/** A tree seen without following any link: what {@link PathResolver} needs to resolve them itself. */
interface Nodes {
    /** What lies at a path whose parents are all directories; empty when one is missing, a link or anything else. */
    Optional<FileStatus> lookup(EntryPath linkFree) throws IOException;

    /** The text of the link that lies there. */
    Bytes linkTarget(EntryPath linkFree) throws IOException;
}
