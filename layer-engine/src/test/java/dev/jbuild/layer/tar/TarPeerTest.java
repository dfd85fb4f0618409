package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write, others read; what they write, we read: GNU tar, bsdtar, gzip and zstd as they are installed. */
@Tag("peer")
class TarPeerTest {
    private static final Timestamp TIME = new Timestamp(1_700_000_000, 0);
    private static final String LONG = "n".repeat(120);
    private static final String DEEP = "d".repeat(90) + "/" + "e".repeat(90) + "/" + "f".repeat(90);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tar", "bsdtar"})
    void peersListWhatWeWrite(String peer) throws Exception {
        Path archive = write(ours());

        String listing = run(peer, "-tf", archive.toString());

        assertThat(listing.lines())
                .containsExactly(
                        "./", "d/", "d/file", "d/hard", "d/link", DEEP, "fifo", LONG, "null", "sparse-id", "\u00e4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "bsdtar"})
    void peersExtractWhatWeWrite(String peer) throws Exception {
        Path archive = write(ours());
        Path out = Files.createDirectory(folder.resolve("out"));

        run(peer, "-xf", archive.toString(), "-C", out.toString(), "--no-same-owner", "--exclude", "null");

        assertThat(out.resolve("d/file")).hasContent("content");
        assertThat(Files.readSymbolicLink(out.resolve("d/link"))).hasToString("../" + LONG);
        assertThat(Files.getAttribute(out.resolve("d/hard"), "unix:ino"))
                .isEqualTo(Files.getAttribute(out.resolve("d/file"), "unix:ino"));
        assertThat(Files.getLastModifiedTime(out.resolve("d/file")).toInstant().getEpochSecond())
                .isEqualTo(TIME.seconds());
        assertThat(out.resolve(DEEP)).hasContent("deep");
        assertThat(out.resolve(LONG)).hasContent("");
        assertThat(Files.getAttribute(out.resolve("fifo"), "unix:mode")).isEqualTo(0010600);
    }

    @Test
    void gnuTarSeesOurExtendedAttributes() throws Exception {
        String listing = run("tar", "--xattrs", "-tvvf", write(ours()).toString());

        assertThat(listing).contains("user.note").contains("4294967294/3000000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
    void weReadEveryFormatOfGnuTar(String format) throws Exception {
        Path tree = tree(format.equals("v7") || format.equals("ustar") ? 90 : 300);

        String tar = folder.resolve("a.tar").toString();
        run("tar", "--format=" + format, "--sort=name", "-cf", tar, "-C", tree.toString(), ".");

        assertThat(describe(Path.of(tar))).isEqualTo(describeTree(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ustar", "pax", "gnutar", "v7"})
    void weReadEveryFormatOfBsdtar(String format) throws Exception {
        Path tree = tree(format.equals("v7") || format.equals("ustar") ? 90 : 300);

        String tar = folder.resolve("a.tar").toString();
        run("bsdtar", "--format=" + format, "-cf", tar, "-C", tree.toString(), ".");

        assertThat(describe(Path.of(tar))).isEqualTo(describeTree(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=oldgnu", "--format=gnu", "--format=posix --sparse-version=1.0"})
    void weExpandSparseFilesOfGnuTar(String format) throws Exception {
        Path sparse = sparseFile();
        List<String> command = new ArrayList<>(List.of("tar", "--sparse"));
        command.addAll(List.of(format.split(" ")));
        Path tar = folder.resolve("a.tar");
        command.addAll(List.of("-cf", tar.toString(), "-C", folder.toString(), "sparse"));
        run(command.toArray(String[]::new));

        requireExpanded(tar, sparse);
    }

    @Test
    void weExpandSparseFilesOfBsdtar() throws Exception {
        Path sparse = sparseFile();
        Path tar = folder.resolve("a.tar");
        run("bsdtar", "--format=pax", "-cf", tar.toString(), "-C", folder.toString(), "sparse");

        requireExpanded(tar, sparse);
    }

    private Path sparseFile() throws IOException {
        Path sparse = folder.resolve("sparse");
        try (var file = new java.io.RandomAccessFile(sparse.toFile(), "rw")) {
            for (int i = 0; i < 40; i++) {
                file.seek(i * 100_000L);
                file.write(("piece " + i).getBytes(StandardCharsets.US_ASCII));
            }
            file.setLength(5_000_000);
        }
        return sparse;
    }

    private static void requireExpanded(Path tar, Path sparse) throws IOException {
        assertThat(Files.size(tar)).as("stored with its holes").isLessThan(1_000_000);
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(tar)) {
            new TarLayerReader(in, LayerLimits.defaults(), "layer").writeTo((entry, content) -> {
                names.add(entry.path().toString());
                assertThat(content.readAllBytes()).isEqualTo(Files.readAllBytes(sparse));
            });
        }
        assertThat(names).containsExactly("sparse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void peersTestAndExpandOurBlobs(String tool) throws Exception {
        Compression compression = tool.equals("gzip") ? Compression.GZIP : Compression.ZSTD;
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                LayerBlobWriter writer = new LayerBlobWriter(2)) {
            byte[] content = "some text, again and again\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            LayerEntry entry = LayerEntry.file(EntryPath.of("file"), 0644, content.length);
            WrittenLayer layer = writer.write(
                    sink -> sink.put(entry, new ByteArrayInputStream(content)), store.blobs(), compression);
            Path blob = Files.copy(
                    store.blobs().path(layer.descriptor().digest()),
                    folder.resolve(tool.equals("gzip") ? "layer.gz" : "layer.zst"));

            run(tool, "-t", blob.toString());
            run(tool, "-d", "-k", blob.toString());

            Path expanded = folder.resolve("layer");
            assertThat(dev.jbuild.oci.Digest.of(Files.readAllBytes(expanded))).isEqualTo(layer.diffId());
        }
    }

    private static LayerSource ours() {
        TreeMap<String, Bytes> xattrs = new TreeMap<>();
        xattrs.put("user.note", Bytes.of("noted"));
        return sink -> {
            put(sink, LayerEntry.directory(EntryPath.ROOT, 0755));
            put(sink, LayerEntry.directory(EntryPath.of("d"), 0755));
            put(sink, LayerEntry.file(EntryPath.of("d/file"), 0640, 7).withXattrs(xattrs), "content");
            put(sink, LayerEntry.hardLink(EntryPath.of("d/hard"), EntryPath.of("d/file")));
            put(sink, LayerEntry.symlink(EntryPath.of("d/link"), Bytes.of("../" + LONG)));
            put(sink, LayerEntry.file(EntryPath.of(DEEP), 0644, 4), "deep");
            put(sink, LayerEntry.of(EntryPath.of("fifo"), LayerEntry.Type.FIFO, 0600));
            put(sink, LayerEntry.file(EntryPath.of(LONG), 0644, 0));
            put(sink, LayerEntry.device(EntryPath.of("null"), LayerEntry.Type.CHAR_DEVICE, 0666, 1, 3));
            put(sink, LayerEntry.file(EntryPath.of("sparse-id"), 0644, 0).withOwner(4294967294L, 3000000000L));
            put(sink, LayerEntry.file(EntryPath.of("\u00e4"), 0644, 0));
        };
    }

    private static void put(dev.jbuild.layer.LayerSink sink, LayerEntry entry) throws IOException {
        put(sink, entry, "");
    }

    private static void put(dev.jbuild.layer.LayerSink sink, LayerEntry entry, String content) throws IOException {
        sink.put(entry.withMtime(TIME), new ByteArrayInputStream(content.getBytes(StandardCharsets.US_ASCII)));
    }

    private Path write(LayerSource source) throws IOException {
        Path archive = folder.resolve("ours.tar");
        try (var out = Files.newOutputStream(archive)) {
            TarLayerWriter writer = new TarLayerWriter(out);
            source.writeTo(writer);
            writer.finish();
        }
        return archive;
    }

    /** Files, links and hard links, with names up to that length. */
    private Path tree(int longest) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree/sub"));
        Files.writeString(tree.resolve("file"), "content");
        Files.createLink(tree.resolve("hard"), tree.resolve("file"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("l".repeat(Math.min(longest, 250))));
        Path deep = longest < 100 ? tree : Files.createDirectories(tree.resolve("p".repeat(longest - 100)));
        Files.writeString(deep.resolve("n".repeat(Math.min(longest - 20, 90))), "x".repeat(1000));
        Files.setPosixFilePermissions(tree.resolve("file"), PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx--x---"));
        if (Linux.system().effectiveUid() == 0) {
            // Ids that six octal digits hold, as the oldest format has them, and modes after them: chown clears setuid
            // (chown(2)).
            Files.setAttribute(tree.resolve("file"), "unix:uid", 1234);
            Files.setAttribute(tree.resolve("file"), "unix:gid", 65_534);
            Files.setAttribute(tree.resolve("file"), "unix:mode", 06751);
        }
        for (String name : List.of("file", ".")) {
            Files.setLastModifiedTime(tree.resolve(name), FileTime.from(Instant.ofEpochSecond(TIME.seconds())));
        }
        return folder.resolve("tree");
    }

    /** What a tar says of each entry, a line each: type, mode, owner, whole seconds, target or content. */
    private static List<String> describe(Path tar) throws IOException {
        Map<String, String> described = new TreeMap<>();
        Map<String, String> links = new TreeMap<>();
        try (InputStream in = Files.newInputStream(tar)) {
            new TarLayerReader(in, LayerLimits.defaults(), "layer").writeTo((entry, content) -> {
                String path = entry.path().toString();
                if (entry.type() == LayerEntry.Type.HARDLINK) {
                    links.put(path, entry.hardLinkTarget().toString());
                } else {
                    described.put(path, describe(entry, new String(content.readAllBytes(), StandardCharsets.UTF_8)));
                }
            });
        }
        assertThat(links).as("a file with two names is there once").hasSize(1);
        // Which of the names of a file comes first is the archiver's choice; all are the file.
        links.forEach((path, target) -> described.put(path, String.valueOf(described.get(target))));
        return described.entrySet().stream()
                .map(line -> line.getKey() + " " + line.getValue())
                .toList();
    }

    private static String describe(LayerEntry entry, String content) {
        String mode = entry.type() == LayerEntry.Type.SYMLINK ? "" : Integer.toOctalString(entry.mode());
        return String.join(
                " ",
                entry.type().toString(),
                mode,
                entry.uid() + ":" + entry.gid(),
                Long.toString(entry.mtime().seconds()),
                entry.linkTarget() + content);
    }

    private static List<String> describeTree(Path tree) throws IOException {
        Map<String, String> described = new TreeMap<>();
        try (var paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                described.put(path.equals(tree) ? "." : tree.relativize(path).toString(), describeFile(path));
            }
        }
        return described.entrySet().stream()
                .map(line -> line.getKey() + " " + line.getValue())
                .toList();
    }

    private static String describeFile(Path path) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        boolean isLink = Files.isSymbolicLink(path);
        boolean isDirectory = !isLink && Files.isDirectory(path);
        int mode = (int) status.getOrDefault("mode", 0) & 07777;
        FileTime time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
        return String.join(
                " ",
                isLink ? "SYMLINK" : isDirectory ? "DIRECTORY" : "FILE",
                isLink ? "" : Integer.toOctalString(mode),
                status.get("uid") + ":" + status.get("gid"),
                Long.toString(time.toInstant().getEpochSecond()),
                isLink ? Files.readSymbolicLink(path).toString() : isDirectory ? "" : Files.readString(path));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }

    private static boolean isInstalled(String tool) {
        return Files.isExecutable(Path.of("/usr/bin", tool));
    }
}
