package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk of two mebibytes. */
@Tag("root")
class FullDiskTest {
    @TempDir
    Path folder;

    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        assumeTrue(Linux.system().effectiveUid() == 0, "mounting a small disk needs root");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", folder.toString()) == 0;
        assumeTrue(mounted, "mount(8) is refused here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", folder.toString())).isZero();
        }
    }

    @Test
    void whatDoesNotFitLeavesNothingAndTheRestGoesOn() throws Exception {
        byte[] noise = new byte[4 << 20];
        new Random(1).nextBytes(noise);
        byte[] small = "small".getBytes(StandardCharsets.US_ASCII);
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                LayerBlobWriter writer = new LayerBlobWriter(2)) {
            Descriptor before = store.blobs().put("text/plain", small);
            store.images().put(ImageName.parse("app"), before);
            LayerEntry big = LayerEntry.file(EntryPath.of("big"), 0644, noise.length);

            assertThatThrownBy(() -> store.blobs().put("x", noise))
                    .isInstanceOf(IOException.class)
                    .message()
                    .containsIgnoringCase("no space left on device");
            assertThatThrownBy(() -> writer.write(
                            sink -> sink.put(big, new ByteArrayInputStream(noise)), store.blobs(), Compression.GZIP))
                    .message()
                    .containsIgnoringCase("no space left on device");
            assertThatThrownBy(() -> store.records().put(Digest.of(small), noise))
                    .message()
                    .containsIgnoringCase("no space left on device");
            try (PreparedTree tree = store.trees().prepare()) {
                assertThatThrownBy(() -> Files.write(tree.fs().resolve("big"), noise))
                        .message()
                        .containsIgnoringCase("no space left on device");
            }

            assertThat(Files.getFileStore(folder).getUsableSpace()).isGreaterThan(1 << 20);
            assertThat(store.images().find(ImageName.parse("app"))).contains(before);
            assertThat(store.blobs().read(before, 100)).isEqualTo(small);
            store.blobs().put("text/plain", new byte[] {1});
        }
    }

    @Test
    void aLayerLeavesSomeOfTheDiskFree() throws Exception {
        byte[] noise = new byte[4 << 20];
        new Random(1).nextBytes(noise);
        LayerEntry hole = LayerEntry.file(EntryPath.of("hole"), 0644, noise.length);
        LayerEntry big = LayerEntry.file(EntryPath.of("big"), 0644, noise.length);
        LayerLimits limits = LayerLimits.defaults().with("minFreeBytes", 1 << 20);
        Path tree = Files.createDirectory(folder.resolve("tree"));

        assertThatThrownBy(() -> TreeWriter.unpack(
                        Linux.system(),
                        sink -> {
                            sink.put(hole, new ByteArrayInputStream(new byte[noise.length]));
                            sink.put(big, new ByteArrayInputStream(noise));
                        },
                        tree,
                        Optional.empty(),
                        limits))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining(
                        "big: the disk of " + tree + " would have less than 1048576 bytes free (minFreeBytes)");
        assertThat(Files.getFileStore(folder).getUsableSpace()).isGreaterThanOrEqualTo(1 << 20);
        assertThat(Files.size(tree.resolve("hole"))).isEqualTo(noise.length);
        assertThat(Files.size(tree.resolve("big"))).isPositive();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
