package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.BlobComparison;
import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.layer.store.BlobWriter;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Layers to blobs in one pass: tar bytes are hashed and compressed beside each other, the blob is hashed as it is written.
 * A layer's blob follows from its entries and the compression alone; the number of threads only changes when it is done.
 */
public final class LayerBlobWriter implements AutoCloseable {
    /** What one gzip member or zstd frame holds. Changing it changes every digest. */
    private static final int CHUNK = 1 << 20;

    private final int threads;
    private final ExecutorService workers;
    private final Map<Compression, ChunkSlots> slots = new ConcurrentHashMap<>();

    /** @param threads that compress, for all layers that are written at a time */
    public LayerBlobWriter(int threads) {
        this.threads = threads;
        // Platform threads: compressing never blocks, and virtual ones would keep the carriers from those that do.
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("compress-", 0).factory());
    }

    /**
     * Writes the layer into the store.
     *
     * @throws IOException from the source or the disk; then nothing is left in the store
     */
    public WrittenLayer write(LayerSource source, BlobStore into, Compression compression) throws IOException {
        return write(source, into, compression, _ -> {});
    }

    /**
     * As {@link #write(LayerSource, BlobStore, Compression)}.
     *
     * @param reader gets the blob before anything is written, to read it meanwhile
     */
    public WrittenLayer write(LayerSource source, BlobStore into, Compression compression, Consumer<GrowingBlob> reader)
            throws IOException {
        MessageDigest diffId = Digest.sha256();
        try (BlobWriter blob = into.writer()) {
            reader.accept(blob.growing());
            write(source, compression, diffId::update, blob);
            Descriptor descriptor = blob.commit(compression.mediaType());
            return new WrittenLayer(Digest.ofSha256(diffId.digest()), descriptor);
        }
    }

    /**
     * As {@link #write(LayerSource, BlobStore, Compression, Consumer)}, of a layer that was likely written before. It is made
     * anew and held against that blob, if the store has it, which is cheaper than to hash and to write it: bytes that are
     * equal have the same digest, and so has the tar that they are inflated to. Where the blob turns out to be damaged, it is
     * replaced.
     *
     * @param reader gets the blob if it is another one than the store had
     */
    public WrittenLayer writeAgain(
            LayerSource source,
            WrittenLayer earlier,
            BlobStore store,
            Compression compression,
            Consumer<GrowingBlob> reader)
            throws IOException {
        Optional<BlobComparison> there = store.comparison(earlier.descriptor());
        if (there.isPresent() && isEqual(source, compression, there.get())) {
            return earlier;
        }
        WrittenLayer written = write(source, store, compression, reader);
        if (there.isPresent() && written.equals(earlier)) {
            // A blob that is there is kept, but its bytes are not those of this digest.
            store.removeIfDamaged(earlier.descriptor());
            return write(source, store, compression);
        }
        return written;
    }

    private boolean isEqual(LayerSource source, Compression compression, BlobComparison opened) throws IOException {
        try (BlobComparison comparison = opened) {
            write(source, compression, (_, _, _) -> {}, comparison);
            return comparison.isWhole();
        } catch (BlobComparison.DifferentException e) {
            return false;
        }
    }

    private void write(LayerSource source, Compression compression, MemberPipe.Listener listener, OutputStream out)
            throws IOException {
        MemberPipe pipe = new MemberPipe(listener, slots(compression), window(), workers, out);
        try {
            TarLayerWriter tar = new TarLayerWriter(pipe);
            source.writeTo(tar);
            tar.finish();
            pipe.finish();
        } finally {
            pipe.cancel();
        }
    }

    /** Those that compress, one that is filled and one that is written. */
    private int window() {
        return threads + 2;
    }

    private ChunkSlots slots(Compression compression) {
        return slots.computeIfAbsent(compression, chosen -> new ChunkSlots(chosen, CHUNK, window()));
    }

    /** Ends the threads. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
