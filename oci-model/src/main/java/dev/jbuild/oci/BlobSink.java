package dev.jbuild.oci;

import java.io.IOException;

/** Where blobs are written to; a blob becomes visible whole or not at all. */
public interface BlobSink {
    /** Whether the sink already holds the blob, so that it need not be sent. */
    boolean has(Descriptor blob) throws IOException;

    /** Takes the blob from the source unless it is already there. */
    void accept(Descriptor blob, BlobSource source) throws IOException;
}
