package dev.jbuild.oci;

import java.io.IOException;
import java.io.InputStream;

/** Where blobs are read from: a store, a registry repository, a layout, an archive. */
public interface BlobSource {
    /**
     * Opens a blob. The stream itself verifies: reading to its end throws when size or digest differ from the
     * descriptor.
     *
     * @throws NoSuchBlobException when this source does not hold it
     */
    InputStream open(Descriptor blob) throws IOException;
}
