package dev.jbuild.layer;

import java.io.IOException;

/** A layer that can tell its entries: a tar stream, an overlay's upper directory, the files of a COPY. */
@FunctionalInterface
public interface LayerSource {
    /** Puts every entry into the sink, in this source's own order. What the sink throws passes through. */
    void writeTo(LayerSink sink) throws IOException;
}
