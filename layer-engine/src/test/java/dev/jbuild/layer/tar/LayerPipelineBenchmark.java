package dev.jbuild.layer.tar;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints how fast layers are written and read. A program, not a test: its figures are those of a machine and a day.
 *
 * <p>Arguments: a folder for the store, and the file to make a layer of (such as the JDK's {@code lib/modules}).
 */
final class LayerPipelineBenchmark {
    private static final int ROUNDS = 3;

    private LayerPipelineBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path content = Path.of(arguments[1]);
        LayerEntry entry = LayerEntry.file(EntryPath.of("content"), 0644, Files.size(content));
        LayerSource source = sink -> {
            try (InputStream in = Files.newInputStream(content)) {
                sink.put(entry, in);
            }
        };
        try (Store store = Store.open(Path.of(arguments[0]), Linux.system())) {
            for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD, Compression.NONE)) {
                for (int threads = 1; threads <= Runtime.getRuntime().availableProcessors(); threads *= 2) {
                    measure(store, source, entry.size(), compression, threads);
                }
            }
        }
    }

    private static void measure(Store store, LayerSource source, long size, Compression compression, int threads)
            throws IOException {
        double write = Double.MAX_VALUE;
        double read = Double.MAX_VALUE;
        long blobSize = 0;
        try (LayerBlobWriter writer = new LayerBlobWriter(threads)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                WrittenLayer layer = writer.write(source, store.blobs(), compression);
                long middle = System.nanoTime();
                new LayerBlobReader(store.blobs(), layer.descriptor(), layer.diffId(), LayerLimits.defaults())
                        .writeTo((_, _) -> {});
                write = Math.min(write, (middle - start) / 1e9);
                read = Math.min(read, (System.nanoTime() - middle) / 1e9);
                blobSize = layer.descriptor().size();
                Files.delete(store.blobs().path(layer.descriptor().digest()));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-4s level %d, %d threads: write %.0f MB/s, read %.0f MB/s, ratio %.2f%n",
                compression.format(),
                compression.level(),
                threads,
                size / 1e6 / write,
                size / 1e6 / read,
                (double) size / blobSize);
    }
}
