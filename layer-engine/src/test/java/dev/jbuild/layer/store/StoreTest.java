package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
    @TempDir
    Path folder;

    @Test
    void isMadePrivateAndAsAnOciLayout() throws Exception {
        try (Store store = Store.open(folder.resolve("a/store"), Linux.system())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.root())))
                    .isEqualTo("rwx------");
            assertThat(store.root().resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
            assertThat(store.root().resolve("index.json")).isRegularFile();
        }
    }

    /** A user's umask may let others in; root's store must not depend on it, nor an ordinary user's. */
    @ParameterizedTest
    @ValueSource(strings = {"", "setpriv --reuid 65534 --regid 65534 --clear-groups"})
    @Timeout(60)
    void allOfItIsPrivateWhateverTheUmask(String becomeAnother) throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("becoming another user needs root")
                .isZero();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String classes = JavaProcess.copyOfClassPath(Files.createDirectory(folder.resolve("classes")));
        List<String> prefix = List.of("sh", "-c", "umask 0; exec " + becomeAnother + " \"$@\"", "sh");
        Process process = JavaProcess.of(
                        prefix,
                        List.of(),
                        classes,
                        FilledStore.class,
                        folder.resolve("store").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();

        // What a tree and a cache hold is as open as a step needs it; the folder above is not.
        try (var files = Files.find(
                folder.resolve("store"), 9, (path, _) -> !path.toString().contains("/fs"))) {
            assertThat(files)
                    .hasSizeGreaterThan(20)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .endsWith("------"));
        }
    }

    /** Makes one of each thing in a store, and stays in it until it is asked to end. */
    static final class FilledStore {
        private FilledStore() {}

        public static void main(String[] arguments) throws IOException {
            byte[] content = "content".getBytes(StandardCharsets.US_ASCII);
            Store store = Store.open(Path.of(arguments[0]), Linux.system());
            Descriptor blob = store.blobs().put("text/plain", content);
            store.records().put(blob.digest(), content);
            store.images().put(ImageName.parse("app"), blob);
            try (PreparedTree tree = store.trees().prepare()) {
                store.trees().publish("tree", tree);
            }
            store.trees().sync();
            store.trees().prepare();
            store.caches()
                    .take(blob.digest(), CacheDirectories.Sharing.LOCKED, _ -> {})
                    .close();
            FileDigestIndex index = store.digests().open("/context");
            index.put(
                    EntryPath.of("f"), new FileStamp(1, 2, 3, new Timestamp(1, 0), new Timestamp(1, 0)), blob.digest());
            index.save();
            Files.writeString(store.blobs().path(blob.digest()), "damaged");
            store.check();
            // Not closed: what a session keeps stays to be looked at.
        }
    }

    @Test
    void itsSessionsLieApartOnTheDiskWhereThatIsExt4() throws Exception {
        assumeThat(Files.getFileStore(folder).type())
                .as("only ext4 has such a mark")
                .isEqualTo("ext4");
        assumeThat(Path.of("/usr/bin/lsattr"))
                .as("needs lsattr: apt install e2fsprogs")
                .exists();
        Store.open(folder.resolve("store"), Linux.system()).close();
        Process list = new ProcessBuilder(
                        "/usr/bin/lsattr",
                        "-d",
                        folder.resolve("store/sessions").toString())
                .start();
        assertThat(list.inputReader().readLine().split(" ", 2)[0]).contains("T");
    }

    @Test
    void refusesAFolderThatIsALink() throws Exception {
        Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));

        assertThatThrownBy(() -> Store.open(link, Linux.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blobs", "trees", "sessions"})
    void closesFoldersThatOthersMayEnter(String name) throws Exception {
        Path root = folder.resolve("store");
        Store.open(root, Linux.system()).close();
        Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));

        Store.open(root, Linux.system()).close();

        assertThat(Files.getPosixFilePermissions(root.resolve(name)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blobs", "records"})
    void refusesFoldersOfOthers(String name) throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("giving folders away needs root")
                .isZero();
        Path root = folder.resolve("store");
        Store.open(root, Linux.system()).close();
        Files.setAttribute(root.resolve(name), "unix:uid", 1234);

        assertThatThrownBy(() -> Store.open(root, Linux.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("belongs to user 1234");
    }

    @Test
    void takesLayersAndGivesThemBack() throws Exception {
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                LayerBlobWriter writer = new LayerBlobWriter(2)) {
            byte[] content = "hello\n".getBytes(StandardCharsets.US_ASCII);
            LayerEntry file = LayerEntry.file(EntryPath.of("etc/motd"), 0644, content.length);
            for (Compression compression : compressions()) {
                WrittenLayer layer = writer.write(
                        sink -> sink.put(file, new ByteArrayInputStream(content)), store.blobs(), compression);

                List<LayerEntry> entries = new ArrayList<>();
                new LayerBlobReader(store.blobs(), layer.descriptor(), layer.diffId(), LayerLimits.defaults())
                        .writeTo((entry, in) -> {
                            entries.add(entry);
                            assertThat(in.readAllBytes()).isEqualTo(content);
                        });
                assertThat(entries).containsExactly(file);
            }
        }
    }

    static List<Compression> compressions() {
        return List.of(Compression.GZIP, Compression.ZSTD, Compression.NONE);
    }

    /** Wherever it is: in the stream's frame, where it cannot be inflated, or in a tar that breaks a rule then. */
    @ParameterizedTest
    @MethodSource("compressions")
    void aFlippedBitOfALayerIsToldAsTheBlobsDamageAndTheBlobGoes(Compression compression) throws Exception {
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                LayerBlobWriter writer = new LayerBlobWriter(2)) {
            byte[] content = "hello\n".getBytes(StandardCharsets.US_ASCII);
            LayerEntry file = LayerEntry.file(EntryPath.of("etc/motd"), 0644, content.length);
            for (int place = 0; place < 100; place += 3) {
                WrittenLayer layer = writer.write(
                        sink -> sink.put(file, new ByteArrayInputStream(content)), store.blobs(), compression);
                Path blob = store.blobs().path(layer.descriptor().digest());
                byte[] bytes = Files.readAllBytes(blob);
                bytes[place * bytes.length / 100] ^= (byte) (1 << (place % 8));
                Files.write(blob, bytes);

                LayerBlobReader reader =
                        new LayerBlobReader(store.blobs(), layer.descriptor(), layer.diffId(), LayerLimits.defaults());
                assertThatThrownBy(() -> reader.writeTo((_, in) -> in.readAllBytes()))
                        .as("a bit flipped at " + place + " %")
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(
                                "blob " + layer.descriptor().digest() + " in the local store was damaged");
                assertThat(blob).doesNotExist();
            }
        }
    }
}
