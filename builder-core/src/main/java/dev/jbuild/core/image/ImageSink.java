package dev.jbuild.core.image;

import dev.jbuild.oci.BlobSink;
import java.io.IOException;

/** Where an image goes: a store, a registry, a layout. */
public interface ImageSink extends BlobSink {
    Presence presence(Image image) throws IOException;

    /** Makes the image visible, once all its blobs are there. */
    void publish(Image image) throws IOException;
}
