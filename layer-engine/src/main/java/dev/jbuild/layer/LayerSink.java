package dev.jbuild.layer;

import java.io.IOException;
import java.io.InputStream;

/** Takes the entries of one layer: a tar writer, a directory being filled, a validator. */
@FunctionalInterface
public interface LayerSink {
    /**
     * Takes the next entry.
     *
     * @param content exactly {@code entry.size()} bytes of a file, and no bytes for every other type; valid during this
     *     call only, and not closed by the sink
     * @throws RefusedLayerException when the entry breaks a rule
     */
    void put(LayerEntry entry, InputStream content) throws IOException;

    /**
     * Hears that the layer is whole and was what its names say; a source that verifies nothing does not call it.
     *
     * @throws RefusedLayerException when the entries together break a rule
     */
    default void end() throws IOException {}
}
