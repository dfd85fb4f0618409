package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciLayoutTest {
    private static final Linux LINUX = Linux.system();

    @TempDir
    Path folder;

    private Path place;
    private Store store;
    private Descriptor image;

    @BeforeEach
    void makeLayout() throws Exception {
        store = Store.open(folder.resolve("store"), LINUX);
        image = TestImage.ofTwoLayers(store.blobs()).put();
        place = folder.resolve("some/layout");
        try (OciLayout layout = OciLayout.create(place, LINUX)) {
            for (Descriptor blob : ImageParts.of(store.blobs(), image).blobs()) {
                layout.accept(blob, store.blobs());
            }
            layout.putImage(image, List.of(ImageName.parse("app")));
        }
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void givesBackTheImageThatWasPut() throws Exception {
        try (OciLayout layout = OciLayout.open(place, LINUX)) {
            Descriptor found = layout.index().entries().getFirst().manifest();

            assertThat(found.digest()).isEqualTo(image.digest());
            assertThat(new ImageValidator(LayerLimits.defaults()).problems(layout, found))
                    .isEmpty();
        }
    }

    @Test
    void leavesNoTemporaryFiles() throws Exception {
        try (var files = Files.list(place)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        }
    }

    @Test
    void blobThatFailsToArriveLeavesNothing() throws Exception {
        Descriptor other = Descriptor.of("text/plain", new byte[] {1});
        try (OciLayout layout = OciLayout.open(place, LINUX)) {
            assertThatThrownBy(() -> layout.accept(other, _ -> {
                        throw new IOException("the line is dead");
                    }))
                    .hasMessage("the line is dead");
            assertThat(layout.has(other)).isFalse();
        }
        leavesNoTemporaryFiles();
    }

    @Test
    void absentBlobIsNamed() throws Exception {
        Descriptor other = Descriptor.of("text/plain", new byte[] {1});
        try (OciLayout layout = OciLayout.open(place, LINUX)) {
            assertThatThrownBy(() -> layout.open(other))
                    .isInstanceOf(NoSuchBlobException.class)
                    .hasMessageContaining(other.digest().toString());
        }
    }

    @Test
    void refusesABlobThatIsALinkToAFileOfThisMachine() throws Exception {
        Path secret = Files.write(folder.resolve("secret"), new byte[(int) image.size()]);
        Path blob = blob();
        Files.delete(blob);
        Files.createSymbolicLink(blob, secret);

        refusesToOpen();
    }

    @Test
    void refusesAFolderOfBlobsThatIsALink() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(place.resolve("blobs"), elsewhere);
        Files.createSymbolicLink(place.resolve("blobs"), elsewhere);

        refusesToOpen();
    }

    @Test
    @Timeout(10)
    void refusesABlobThatIsAFifoWithoutWaiting() throws Exception {
        Files.delete(blob());
        try (Fd directory = LINUX.open(place.resolve("blobs/sha256"), OpenFlag.READ, OpenFlag.DIRECTORY)) {
            byte[] name = image.digest().hex().getBytes(StandardCharsets.US_ASCII);
            LINUX.makeNodeAt(directory, name, FileKind.FIFO, 0600, 0, 0);
        }

        refusesToOpen();
    }

    @Test
    void refusesACorruptBlobAtItsEnd() throws Exception {
        byte[] content = Files.readAllBytes(blob());
        content[0] ^= 1;
        Files.write(blob(), content);

        try (OciLayout layout = OciLayout.open(place, LINUX);
                InputStream in = layout.open(image)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(CorruptBlobException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"imageLayoutVersion\":\"2.0.0\"}", "{\"imageLayoutVersion\":1}"})
    void refusesWhatIsNoLayout(String version) throws Exception {
        Files.writeString(place.resolve("oci-layout"), version);

        assertThatThrownBy(() -> OciLayout.open(place, LINUX)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAnIndexOfOneByteTooMuch() throws Exception {
        Files.write(place.resolve("index.json"), new byte[(4 << 20) + 1]);

        try (OciLayout layout = OciLayout.open(place, LINUX)) {
            assertThatThrownBy(layout::index).hasMessageContaining("longer than 4194304 bytes");
        }
    }

    private void refusesToOpen() throws IOException {
        try (OciLayout layout = OciLayout.open(place, LINUX)) {
            assertThatThrownBy(() -> layout.open(image)).isInstanceOf(IOException.class);
        }
    }

    private Path blob() {
        return place.resolve("blobs/sha256").resolve(image.digest().hex());
    }
}
