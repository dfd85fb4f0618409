package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our layouts and archives in the hands of skopeo and umoci, and what skopeo copies back in ours. */
@Tag("peer")
class ImagePeerTest {
    private static final ImageName NAME = ImageName.parse("app:1");

    /** Its layer has several gzip members. */
    private static final String LARGE = "line after line\n".repeat(300_000);

    @TempDir
    Path folder;

    private Store store;
    private Descriptor image;

    @BeforeEach
    void makeImage() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
        // Debian's skopeo and umoci know no zstd layers.
        image = new TestImage(store.blobs())
                .layer(TestImage.files("etc/motd", "hello\n", "gone", "soon\n", "large", LARGE), Compression.GZIP)
                .emptyStep("ENV A=b")
                .layer(
                        sink -> sink.put(LayerEntry.whiteout(EntryPath.of("gone")), InputStream.nullInputStream()),
                        Compression.GZIP)
                .put();
        store.images().put(NAME, image);
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void skopeoReadsTheStoreByTheWholeName() throws Exception {
        assertThat(run("skopeo", "inspect", "--raw", "oci:" + store.root() + ":" + NAME))
                .isEqualTo(new String(store.blobs().read(image, 10_000), StandardCharsets.UTF_8));
    }

    @Test
    void skopeoReadsOurOciArchive() throws Exception {
        Path archive = folder.resolve("image.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            ImageArchiveWriter.writeOci(out, store.blobs(), image, List.of(NAME));
        }

        assertThat(run("skopeo", "inspect", "--raw", "oci-archive:" + archive + ":1"))
                .isEqualTo(new String(store.blobs().read(image, 10_000), StandardCharsets.UTF_8));
    }

    @Test
    void skopeoReadsOurDockerArchiveAndCopiesItIntoALayoutOfOurs() throws Exception {
        Path archive = folder.resolve("image.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            ImageArchiveWriter.writeDocker(out, store.blobs(), image, List.of(NAME));
        }
        Path layout = folder.resolve("layout");

        run("skopeo", "copy", "docker-archive:" + archive + ":app:1", "oci:" + layout + ":1");

        try (OciLayout copied = OciLayout.open(layout, Linux.system())) {
            Descriptor manifest = copied.index().entries().getFirst().manifest();
            assertThat(new ImageValidator(LayerLimits.defaults()).problems(copied, manifest))
                    .isEmpty();
        }
    }

    @Test
    void umociUnpacksOurLayout() throws Exception {
        Path place = folder.resolve("layout");
        try (OciLayout layout = OciLayout.create(place, Linux.system())) {
            for (Descriptor blob : ImageParts.of(store.blobs(), image).blobs()) {
                layout.accept(blob, store.blobs());
            }
            layout.putImage(image, List.of(NAME));
        }

        run(
                "umoci",
                "unpack",
                "--rootless",
                "--image",
                place + ":1",
                folder.resolve("bundle").toString());

        assertThat(folder.resolve("bundle/rootfs/etc/motd")).hasContent("hello\n");
        assertThat(folder.resolve("bundle/rootfs/large")).hasContent(LARGE);
        assertThat(folder.resolve("bundle/rootfs/gone")).doesNotExist();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", command[0])), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
