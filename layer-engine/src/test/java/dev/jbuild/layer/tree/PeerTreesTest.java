package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees of every type of entry, written by us and unpacked by GNU tar, bsdtar and umoci, or handed on by skopeo, and what these write, read by
 * us: names, modes, owners, times, attributes, links, devices and content are what we unpack ourselves.
 */
@Tag("peer")
class PeerTreesTest {
    /** Of names that are no text bsdtar says this, keeps them as they are, and ends with 1. */
    private static final List<String> BYTES_KEPT =
            List.of("can't be converted from UTF-8 to current locale", "Error exit delayed from previous errors");

    private static final Pattern BEFORE_1970 = Pattern.compile(" -(\\d+)\\.([1-9]\\d*) ");

    @TempDir
    Path folder;

    @BeforeEach
    void needsRoot() {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root, to give files to others and to make devices");
    }

    @ParameterizedTest
    @CsvSource({"tar,1", "tar,2", "tar,3", "bsdtar,1", "bsdtar,2", "bsdtar,3"})
    void tarsUnpackTheSameLayer(String peer, long seed) throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        try (ImageOfTrees image = ImageOfTrees.of(seed, folder)) {
            String blob = image.firstLayer().toString();
            if (peer.equals("tar")) {
                run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xzpf", blob, "-C", theirs.toString());
            } else {
                run("bsdtar", "--xattrs", "--numeric-owner", "-xpf", blob, "-C", theirs.toString());
            }

            assertThat(ImageOfTrees.listing(theirs)).isEqualTo(image.listingOfFirstLayer());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void umociUnpacksTheSameImage(long seed) throws Exception {
        Path theirs = folder.resolve("theirs");
        try (ImageOfTrees image = ImageOfTrees.of(seed, folder)) {
            run("umoci", "raw", "unpack", "--image", image.layout() + ":1", theirs.toString());

            assertThat(ImageOfTrees.listing(theirs)).isEqualTo(image.listing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--dest-decompress", "--dest-compress-format=gzip", "--dest-compress-format=zstd"})
    void whatSkopeoWritesAnewIsTheSameImage(String how) throws Exception {
        try (ImageOfTrees image = ImageOfTrees.of(4, folder)) {
            Path layout = folder.resolve("copied");
            run("skopeo", "copy", how, "oci:" + image.layout() + ":1", "oci:" + layout + ":1");

            try (OciLayout copied = OciLayout.open(layout, Linux.system())) {
                assertThat(ImageOfTrees.listing(copied, top(copied), folder)).isEqualTo(image.listing());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci", "v2s2"})
    void whatSkopeoCopiesKeepsItsLayers(String format) throws Exception {
        try (ImageOfTrees image = ImageOfTrees.of(4, folder)) {
            Path copy = folder.resolve("copied");
            run("skopeo", "copy", "--format=" + format, "oci:" + image.layout() + ":1", "dir:" + copy);

            byte[] document = Files.readAllBytes(copy.resolve("manifest.json"));
            String type = format.equals("oci") ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST;
            Manifest manifest = Manifest.parse(document, type, "skopeo's manifest");
            assertThat(manifest.layers().stream().map(Descriptor::digest))
                    .containsExactlyElementsOf(digests(image.manifest()));
            Descriptor described = Descriptor.of(type, document);
            assertThat(ImageOfTrees.listing(
                            blob -> Files.newInputStream(file(copy, blob, described.digest())), described, folder))
                    .isEqualTo(image.listing());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gnu,cat," + MediaTypes.OCI_LAYER,
        "gnu,cat," + MediaTypes.DOCKER_LAYER,
        "oldgnu,gzip," + MediaTypes.DOCKER_LAYER_GZIP,
        "posix,gzip," + MediaTypes.OCI_LAYER_GZIP,
        "posix,zstd," + MediaTypes.OCI_LAYER_ZSTD
    })
    void weReadWhatTarAndCompressorsMakeInPieces(String format, String compressor, String mediaType) throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        TreeWriter.unpack(Linux.system(), RandomTree.of(7).layer(), tree, Optional.empty(), LayerLimits.defaults());
        shell("tar --format=" + format + " --xattrs --xattrs-include='*' --numeric-owner -cf layer.tar -C tree .");
        shell("split -b 200K layer.tar piece-; for piece in piece-*; do " + compressor + " <$piece; done >layer");
        Path layer = folder.resolve("layer");
        Descriptor blob = Descriptor.of(mediaType, Files.readAllBytes(layer));
        Digest diffId = Digest.of(Files.readAllBytes(folder.resolve("layer.tar")));

        Path ours = Files.createDirectory(folder.resolve("ours"));
        TreeWriter.unpack(
                Linux.system(),
                new LayerBlobReader(_ -> Files.newInputStream(layer), blob, diffId, LayerLimits.defaults()),
                ours,
                Optional.empty(),
                LayerLimits.defaults());

        assertThat(folder.resolve("piece-ac")).as("three pieces at least").exists();
        assertThat(inFormat(format, ImageOfTrees.listing(ours)))
                .isEqualTo(inFormat(format, unlinked("FIFO|CHAR_DEVICE|BLOCK_DEVICE", ImageOfTrees.listing(tree))));
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void weReadWhatBsdtarMakes(long seed) throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        TreeWriter.unpack(Linux.system(), RandomTree.of(seed).layer(), tree, Optional.empty(), LayerLimits.defaults());
        Path tar = folder.resolve("layer.tar");
        // Of a sparse file whose name is no text libarchive's GNU.sparse.name is cut off after 100 bytes.
        run(
                "bsdtar",
                "--format=pax",
                "--no-read-sparse",
                "--xattrs",
                "--numeric-owner",
                "-cf",
                tar.toString(),
                "-C",
                tree.toString(),
                ".");

        Path ours = Files.createDirectory(folder.resolve("ours"));
        try (InputStream in = Files.newInputStream(tar)) {
            TarLayerReader reader = new TarLayerReader(in, LayerLimits.defaults(), "layer");
            TreeWriter.unpack(Linux.system(), reader, ours, Optional.empty(), LayerLimits.defaults());
        }
        assertThat(ImageOfTrees.listing(ours))
                .isEqualTo(asLibarchiveWrites(unlinked("CHAR_DEVICE|BLOCK_DEVICE", ImageOfTrees.listing(tree))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void weReadWhatUmociRepacks(long seed) throws Exception {
        Path layout = ImageOfTrees.pair(seed, folder);
        Path bundle = folder.resolve("bundle");
        run("umoci", "unpack", "--image", layout + ":before", bundle.toString());
        Path after = folder.resolve("after");
        run("umoci", "raw", "unpack", "--image", layout + ":after", after.toString());
        shell("rm -rf bundle/rootfs; cp -a after bundle/rootfs");
        run("umoci", "repack", "--image", layout + ":repacked", bundle.toString());

        try (OciLayout theirs = OciLayout.open(layout, Linux.system())) {
            Descriptor repacked = LayoutName.parse("oci:" + layout + ":repacked")
                    .select(theirs.index())
                    .orElseThrow();
            assertThat(ImageOfTrees.listing(theirs, repacked, folder)).isEqualTo(ImageOfTrees.listing(after));
        }
    }

    /** Without what says that two names are one file of such a type. */
    private static List<String> unlinked(String types, List<String> listing) {
        return listing.stream()
                .map(line -> line.matches(".* (" + types + ") .*") ? line.replaceFirst(" = .*", " ") : line)
                .toList();
    }

    /**
     * The names of attributes escaped, which only libarchive's own record says; and of a time before 1970 the fraction added to the number
     * without its sign, so that half a second before 1970 is half a second more.
     */
    private static List<String> asLibarchiveWrites(List<String> listing) {
        return listing.stream()
                .map(line -> line.replaceFirst("user\\.größe ([01])=", "user.gr%C3%B6%C3%9Fe%20$1="))
                .map(line -> BEFORE_1970
                        .matcher(line)
                        .replaceFirst(time -> " -" + (Long.parseLong(time.group(1)) + 1) + "."
                                + (1_000_000_000 - Integer.parseInt(time.group(2))) + " "))
                .toList();
    }

    /** Only PAX headers hold attributes and parts of seconds. */
    private static List<String> inFormat(String format, List<String> listing) {
        return format.equals("posix")
                ? listing
                : listing.stream()
                        .map(line -> line.replaceFirst("\\.999999999 ", ".0 ").replaceFirst("\\{.*\\}", "{}"))
                        .toList();
    }

    private void shell(String script) throws IOException, InterruptedException {
        run("bash", "-ec", "cd '" + folder + "'; " + script);
    }

    private static Path file(Path copy, Descriptor blob, Digest manifest) {
        return copy.resolve(
                blob.digest().equals(manifest) ? "manifest.json" : blob.digest().hex());
    }

    private static List<Digest> digests(Manifest manifest) {
        return manifest.layers().stream().map(Descriptor::digest).toList();
    }

    private static Descriptor top(OciLayout layout) throws IOException {
        Index index = layout.index();
        return index.entries().getFirst().manifest();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", command[0])), command[0] + " is not installed");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            assertThat(output.lines())
                    .as(String.join(" ", command))
                    .allMatch(line -> BYTES_KEPT.stream().anyMatch(line::contains));
        }
    }
}
