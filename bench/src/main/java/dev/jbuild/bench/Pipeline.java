package dev.jbuild.bench;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.LayerDecompressor;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Each part of the pipeline, once over the whole corpus an invocation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 7)
@Fork(1)
public class Pipeline {
    private final Corpus corpus = Corpus.ofThisRun();
    private final LayerLimits limits = LayerLimits.defaults();
    private final LayerBlobWriter writer =
            new LayerBlobWriter(Runtime.getRuntime().availableProcessors());
    private final Path scratch;
    private final Store store;
    private final Digest diffId;
    private final Descriptor gzip;
    private final WrittenLayer ours;
    private int round;

    /** Opens the corpus and writes it as a layer of ours. */
    public Pipeline() {
        try {
            this.scratch = Files.createTempDirectory(corpus.folder(), "scratch");
            this.store = Store.open(scratch.resolve("store"), Linux.system());
            this.diffId = corpus.digest(corpus.tar());
            this.gzip =
                    new Descriptor(MediaTypes.OCI_LAYER_GZIP, corpus.digest(corpus.gzip()), Files.size(corpus.gzip()));
            this.ours = writer.write(corpus.source(), store.blobs(), Compression.GZIP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets what the last invocation wrote, outside the time that counts. */
    @Setup(Level.Invocation)
    public void countRounds() {
        round++;
    }

    /** Ends the writer's threads. */
    @TearDown
    public void close() throws IOException {
        writer.close();
        store.close();
    }

    /** A tree as a tar. */
    @Benchmark
    public void tar() throws IOException {
        corpus.writeTar(OutputStream.nullOutputStream());
    }

    /** A tar's digest. */
    @Benchmark
    public Digest hash() throws IOException {
        return corpus.digest(corpus.tar());
    }

    /** A tar, as the one file of a layer, to a blob by all processors. */
    @Benchmark
    public WrittenLayer compress() throws IOException {
        return write(sink -> {
            try (InputStream content = Files.newInputStream(corpus.tar())) {
                sink.put(LayerEntry.file(EntryPath.of("round-" + round), 0644, corpus.bytes()), content);
            }
        });
    }

    /** A tree to a blob: tar, hash, compress and hash again. The store has it already, so it is written but not published. */
    @Benchmark
    public WrittenLayer layer() throws IOException {
        return write(corpus.source());
    }

    private WrittenLayer write(LayerSource source) throws IOException {
        return writer.write(source, store.blobs(), Compression.GZIP);
    }

    /** The one member that gzip writes, by whatever inflates here. */
    @Benchmark
    public long inflate() throws IOException {
        try (InputStream in = LayerDecompressor.open(Files.newInputStream(corpus.gzip()), limits, "the corpus")) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** The members that we write. */
    @Benchmark
    public long inflateOurs() throws IOException {
        InputStream blob = store.blobs().open(ours.descriptor());
        try (InputStream in = LayerDecompressor.open(blob, limits, "the corpus")) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** A blob to a tree, all claims checked on the way. */
    @Benchmark
    public void unpack() throws IOException {
        BlobSource source = _ -> Files.newInputStream(corpus.gzip());
        Path directory = Files.createDirectory(scratch.resolve("round-" + round));
        TreeWriter.unpack(
                Linux.system(), new LayerBlobReader(source, gzip, diffId, limits), directory, Optional.empty(), limits);
    }
}
