package dev.jbuild.registry;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Blobs in memory, as a source of uploads; counts how often they were opened. */
final class MemoryBlobs implements BlobSource {
    private final Map<Digest, byte[]> blobs = new HashMap<>();
    private final AtomicInteger opened = new AtomicInteger();

    /** Adds a blob of random bytes, the same for the same size. */
    Descriptor addRandom(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return add(bytes);
    }

    Descriptor add(byte[] bytes) {
        Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, bytes);
        blobs.put(blob.digest(), bytes);
        return blob;
    }

    byte[] bytes(Descriptor blob) {
        return blobs.getOrDefault(blob.digest(), new byte[0]);
    }

    int opened() {
        return opened.get();
    }

    @Override
    public InputStream open(Descriptor blob) throws NoSuchBlobException {
        opened.incrementAndGet();
        byte[] bytes = blobs.get(blob.digest());
        if (bytes == null) {
            throw new NoSuchBlobException(blob.digest(), "the test");
        }
        return new ByteArrayInputStream(bytes);
    }
}
