package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemberPipeTest {
    private static final int CHUNK = 1000;

    private static ChunkSlots slots(int kept) {
        return new ChunkSlots(Compression.NONE, CHUNK, kept);
    }

    /** Keeps the arrays that members come in: of what is not compressed these are the chunks. */
    private static OutputStream collecting(Set<byte[]> chunks) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a member byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                chunks.add(bytes);
            }
        };
    }

    @Test
    void passesBytesInOrderHoweverTheyAreCut() throws Exception {
        byte[] content = new byte[100 * CHUNK + 7];
        Random random = new Random(1);
        random.nextBytes(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var hash = Digest.sha256();

        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            MemberPipe pipe = new MemberPipe(hash::update, slots(6), 6, workers, out);
            for (int at = 0; at < content.length; ) {
                int length = Math.min(random.nextInt(3 * CHUNK), content.length - at);
                pipe.write(content, at, length);
                at += length;
            }
            pipe.finish();
        }

        assertThat(out.toByteArray()).isEqualTo(content);
        assertThat(Digest.ofSha256(hash.digest())).isEqualTo(Digest.of(content));
    }

    /** Chunks are used again: their number does not grow with the layer. */
    @Test
    void holdsNoMoreChunksThanItsWindow() throws Exception {
        int window = 3;
        Set<byte[]> chunks = Collections.newSetFromMap(new IdentityHashMap<>());
        OutputStream out = collecting(chunks);

        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            MemberPipe pipe = new MemberPipe(Digest.sha256()::update, slots(window), window, workers, out);
            for (int i = 0; i < 1000; i++) {
                pipe.write(new byte[CHUNK]);
            }
            pipe.finish();
        }

        assertThat(chunks).hasSizeLessThanOrEqualTo(window + 1);
    }

    @Test
    void aSmallLayerNeedsNoOtherThreadAndNoWholeChunk() throws Exception {
        List<Integer> chunkSizes = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                chunkSizes.add(bytes.length);
                super.write(bytes, offset, length);
            }
        };
        ExecutorService closed = Executors.newFixedThreadPool(1);
        closed.close();

        ChunkSlots megabytes = new ChunkSlots(Compression.NONE, 1 << 20, 1);
        MemberPipe pipe = new MemberPipe(Digest.sha256()::update, megabytes, 3, closed, out);
        pipe.write(new byte[1024]);
        pipe.finish();

        assertThat(out.toByteArray()).isEqualTo(new byte[1024]);
        assertThat(chunkSizes)
                .singleElement()
                .satisfies(size -> assertThat(size).isLessThan(1 << 16));
    }

    @Test
    void chunksThatWaitToBeCompressedAreGivenUpAfterAFailure() throws Exception {
        BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        CountDownLatch busy = new CountDownLatch(1);
        try (ExecutorService workers = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, waiting)) {
            workers.execute(() -> await(busy));
            MemberPipe pipe =
                    new MemberPipe(Digest.sha256()::update, slots(6), 6, workers, OutputStream.nullOutputStream());
            pipe.write(new byte[3 * CHUNK]);

            pipe.cancel();

            List<Runnable> given = List.copyOf(waiting);
            busy.countDown();
            assertThat(given).hasSize(3).allMatch(work -> ((Future<?>) work).isCancelled());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theNextLayerGetsTheChunksOfTheOneBefore() throws Exception {
        ChunkSlots slots = slots(4);
        Set<byte[]> chunks = Collections.newSetFromMap(new IdentityHashMap<>());
        OutputStream out = collecting(chunks);
        try (ExecutorService workers = Executors.newFixedThreadPool(1)) {
            for (int layer = 0; layer < 10; layer++) {
                MemberPipe pipe = new MemberPipe(Digest.sha256()::update, slots, 3, workers, out);
                pipe.write(new byte[7]);
                pipe.finish();
                new MemberPipe(Digest.sha256()::update, slots, 3, workers, out).finish();
            }
        }
        assertThat(chunks).hasSize(1);
    }
}
