package dev.jbuild.registry;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.GrowingBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A blob in memory that grows when a test says so. */
final class MemoryGrowingBlob implements GrowingBlob {
    private final byte[] bytes;
    private final Descriptor blob;
    private int size;
    private boolean whole;
    private boolean givenUp;
    private long wanted;

    MemoryGrowingBlob(byte[] bytes, Descriptor blob) {
        this.bytes = bytes;
        this.blob = blob;
    }

    synchronized MemoryGrowingBlob grownTo(int bytesThere) {
        size = bytesThere;
        notifyAll();
        return this;
    }

    synchronized MemoryGrowingBlob finished() {
        size = bytes.length;
        whole = true;
        notifyAll();
        return this;
    }

    /** Waits until somebody waits for more bytes than this. */
    synchronized void untilMoreIsWantedThan(long bytesThere) throws InterruptedException {
        while (wanted <= bytesThere) {
            wait();
        }
    }

    synchronized void giveUp() {
        givenUp = true;
        notifyAll();
    }

    @Override
    public synchronized Extent await(long least) throws IOException, InterruptedException {
        wanted = Math.max(wanted, least);
        notifyAll();
        while (size < least && !whole && !givenUp) {
            wait();
        }
        if (givenUp) {
            throw new IOException("the writer gave up");
        }
        return new Extent(size, whole ? Optional.of(blob) : Optional.empty());
    }

    @Override
    public synchronized InputStream open(long from, long to) throws IOException {
        if (to > size) {
            throw new IOException("asked for byte " + to + " of " + size);
        }
        return new ByteArrayInputStream(bytes, (int) from, (int) (to - from));
    }
}
