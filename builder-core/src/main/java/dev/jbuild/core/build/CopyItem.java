package dev.jbuild.core.build;

import dev.jbuild.layer.LayerEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** One entry of a layer that a copy makes, and where its content comes from. */
record CopyItem(LayerEntry entry, Content content) {
    /** Opens a file's content anew each time. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    static CopyItem empty(LayerEntry entry) {
        return new CopyItem(entry, InputStream::nullInputStream);
    }

    static CopyItem of(LayerEntry entry, byte[] content) {
        return new CopyItem(entry, () -> new ByteArrayInputStream(content));
    }
}
