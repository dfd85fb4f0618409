package dev.jbuild.bench;

import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.layer.tree.UpperTree;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the benchmarks read: a folder with {@code tree}, {@code tree.tar} and {@code tree.tar.gz}, made by {@code bench/run}. */
record Corpus(Path folder) {
    /** The folder's name for the benchmarks, which run in JVMs of their own. */
    static final String PROPERTY = "jbuild.bench.corpus";

    static Corpus ofThisRun() {
        return new Corpus(Path.of(System.getProperty(PROPERTY, "")));
    }

    Path tree() {
        return folder.resolve("tree");
    }

    /** GNU tar's. */
    Path tar() {
        return folder.resolve("tree.tar");
    }

    /** One member, as gzip makes it. */
    Path gzip() {
        return folder.resolve("tree.tar.gz");
    }

    UpperTree source() {
        return new UpperTree(Linux.system(), tree(), Optional.empty());
    }

    void writeTar(OutputStream out) throws IOException {
        TarLayerWriter writer = new TarLayerWriter(out);
        source().writeTo(writer);
        writer.finish();
    }

    Digest digest(Path file) throws IOException {
        var hash = Digest.sha256();
        try (var in = Files.newInputStream(file)) {
            byte[] buffer = new byte[256 << 10];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Digest.ofSha256(hash.digest());
    }

    /** Bytes of the tar. */
    long bytes() throws IOException {
        return Files.size(tar());
    }

    long files() throws IOException {
        try (var all = Files.walk(tree())) {
            return all.count();
        }
    }
}
