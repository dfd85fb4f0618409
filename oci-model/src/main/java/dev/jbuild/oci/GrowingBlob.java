package dev.jbuild.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A blob that is still being written: what there is of it can be read already, its digest comes last. */
public interface GrowingBlob {
    /**
     * What there is.
     *
     * @param size in bytes; these will not change any more
     * @param whole what the blob is called, once all of it is there
     */
    record Extent(long size, Optional<Descriptor> whole) {}

    /**
     * Waits until there are at least so many bytes, or the blob is whole.
     *
     * @throws IOException when the writer gave up
     */
    Extent await(long size) throws IOException, InterruptedException;

    /** The bytes from one offset up to another; they must be there. */
    InputStream open(long from, long to) throws IOException;
}
