package dev.jbuild.core.build;

import dev.jbuild.core.plan.Chmod;
import dev.jbuild.layer.Timestamp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder and an image, to try what a copy from the one into the other comes to. */
final class CopyTrial implements Closeable {
    /** When the build ran. */
    static final Timestamp CREATED = new Timestamp(1234, 0);

    final SourceFolder source;
    final KnownTree image = new KnownTree();

    /** As {@code --chown} sets it. */
    Optional<Owner> owner = Optional.of(Owner.ROOT);

    /** As {@code --chmod} sets it. */
    Optional<Chmod> chmod = Optional.empty();

    private CopyTrial(SourceFolder source) {
        this.source = source;
    }

    static CopyTrial in(Path folder) throws IOException {
        return new CopyTrial(SourceFolder.in(folder.resolve("source")));
    }

    CopyPlacement placement() {
        return new CopyPlacement(image, owner, chmod, CREATED);
    }

    RecordedLayer copy(String destination, String... sources) throws Exception {
        CopyPlacement placement = placement();
        for (String name : sources) {
            for (SourceMatch match : source.scan(name)) {
                placement.place(match, source.tree, destination);
            }
        }
        return RecordedLayer.of(placement.layer());
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
