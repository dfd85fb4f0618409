package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import java.io.IOException;
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

class StoreCheckTest {
    private static final Digest KEY = Digest.of("key".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private Store store;
    private Descriptor blob;

    @BeforeEach
    void fillStore() throws IOException {
        store = Store.open(folder.resolve("store"), Linux.system());
        blob = store.blobs().put("text/plain", "a blob".getBytes(StandardCharsets.US_ASCII));
        store.records().put(KEY, "a record".getBytes(StandardCharsets.US_ASCII));
        try (PreparedTree tree = store.trees().prepare()) {
            Files.writeString(tree.fs().resolve("file"), "content");
            store.trees().publish("tree-1", tree);
        }
        FileDigestIndex index = store.digests().open("/context");
        index.put(EntryPath.of("f"), new FileStamp(1, 2, 3, new Timestamp(1, 0), new Timestamp(1, 0)), KEY);
        index.save();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void findsNothingInASoundStore() throws Exception {
        assertThat(store.check()).isEqualTo(new StoreReport(1, 6, 1, 1, List.of()));
    }

    @Test
    void whatTheRuntimesKeepIsNoStranger() throws Exception {
        Files.createDirectory(store.root().resolve("run"));
        assertThat(store.check()).isEqualTo(new StoreReport(1, 6, 1, 1, List.of()));
    }

    @Test
    void everyFlippedBitOfABlobPutsItIntoQuarantine() throws Exception {
        Path file = store.blobs().path(blob.digest());
        byte[] sound = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * sound.length; bit += 5) {
            Files.write(file, flipped(sound, bit));

            assertThat(store.check().problems())
                    .singleElement()
                    .asString()
                    .contains(
                            blob.digest().toString(),
                            "quarantine/" + blob.digest().hex());
            assertThat(file).doesNotExist();
        }
        assertThat(store.check().problems()).isEmpty();
    }

    @Test
    void everyFlippedBitOfARecordRemovesIt() throws Exception {
        Path file = store.root().resolve("records").resolve(KEY.hex());
        byte[] sound = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * sound.length; bit += 7) {
            Files.write(file, flipped(sound, bit));

            assertThat(store.check().problems()).singleElement().asString().contains(KEY.hex(), "damaged");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void aDamagedIndexOfFileDigestsGoes() throws Exception {
        Path index;
        try (var files = Files.list(store.root().resolve("digests"))) {
            index = files.findFirst().orElseThrow();
        }
        Files.write(index, flipped(Files.readAllBytes(index), 300));

        assertThat(store.check().problems()).singleElement().asString().contains("file digests", "damaged");
        assertThat(index).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs/sha256/", "records/"})
    void linksThatArePlantedAreRefused(String place) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Digest digest = Digest.of("secret".getBytes(StandardCharsets.US_ASCII));
        Path planted = store.root().resolve(place + digest.hex());
        Files.createSymbolicLink(planted, secret);

        assertThat(store.check().problems()).singleElement().asString().contains(digest.hex(), "no regular file");
        assertThat(Files.isSymbolicLink(planted)).isFalse();
        assertThat(secret).hasContent("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs/sha256/", "records/"})
    @Timeout(20)
    void fifosThatArePlantedAreRefusedWithoutWaiting(String place) throws Exception {
        Digest digest = Digest.of("x".getBytes(StandardCharsets.US_ASCII));
        try (Fd parent = Linux.system().open(store.root().resolve(place), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            Linux.system().makeNodeAt(parent, StoreFolders.name(digest.hex()), FileKind.FIFO, 0600, 0, 0);
        }

        assertThat(store.check().problems()).singleElement().asString().contains("no regular file");
    }

    @Test
    void filesOfOthersAreRefused() throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("giving files away needs root")
                .isZero();
        try (Fd file = Linux.system().open(store.blobs().path(blob.digest()), OpenFlag.READ)) {
            Linux.system().chown(file, 1234, 1234);
        }

        assertThatThrownBy(() -> store.blobs().read(blob, 100)).hasMessageContaining("belongs to user 1234");
        assertThat(store.check().problems()).singleElement().asString().contains("belongs to user 1234");
    }

    @Test
    void aTreeThatIsALinkIsRefused() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/fs"));
        Files.createSymbolicLink(store.root().resolve("trees/tree-2"), elsewhere.getParent());

        assertThatThrownBy(() -> store.trees().find("tree-2"))
                .hasMessageContaining("trees/tree-2 is no directory: refused");
        assertThat(store.check().problems()).singleElement().asString().contains("tree tree-2 is damaged");
        assertThat(elsewhere).exists();
    }

    @Test
    void aTreeWithoutItsFilesGoes() throws Exception {
        Files.createDirectory(store.root().resolve("trees/tree-3"));

        assertThat(store.check().problems()).singleElement().asString().contains("tree tree-3 is damaged");
        assertThat(store.root().resolve("trees/tree-3")).doesNotExist();
    }

    @Test
    void strangersAreNamedAndLeftAlone() throws Exception {
        Path stranger = Files.writeString(store.root().resolve("note\u001b[2J"), "");

        assertThat(store.check().problems())
                .singleElement()
                .asString()
                .contains("no part of a store")
                .doesNotContain("\u001b");
        assertThat(stranger).exists();
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }
}
