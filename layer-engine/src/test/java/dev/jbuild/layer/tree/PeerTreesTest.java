package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees of every type of entry, written by us and unpacked by GNU tar, bsdtar and umoci, or handed on by skopeo: names, modes, owners, times,
 * attributes, links, devices and content are what we unpack ourselves.
 */
@Tag("peer")
class PeerTreesTest {
    /** Of names that are no text bsdtar says this, keeps them as they are, and ends with 1. */
    private static final List<String> BYTES_KEPT =
            List.of("can't be converted from UTF-8 to current locale", "Error exit delayed from previous errors");

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
                .isEqualTo(inFormat(format, ImageOfTrees.listing(tree)));
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
