package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.Timestamp;
import java.util.List;
import java.util.Optional;

/**
 * What one source of a COPY, or one match of its wildcard, stands for.
 *
 * @param name the last component as it was named: what a file is called when the destination is a directory
 * @param directory whether its contents are copied, not itself
 * @param mtime of the directory, which its destination takes; the root of a context or a filesystem has none to give
 * @param files sorted, parents before what they hold; of a directory its contents only
 */
record SourceMatch(Bytes name, boolean directory, Optional<Timestamp> mtime, List<SourceFile> files) {
    SourceMatch {
        files = List.copyOf(files);
    }

    /** The same where the name says nothing: a mount shows what is there under a name of its own. */
    SourceMatch unnamed() {
        return new SourceMatch(Bytes.of(new byte[0]), directory, mtime, files);
    }
}
