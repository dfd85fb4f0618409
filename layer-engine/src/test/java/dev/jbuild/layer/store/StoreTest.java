package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.linux.Linux;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
            byte[] content = "hello\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            LayerEntry file = LayerEntry.file(EntryPath.of("etc/motd"), 0644, content.length);
            for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD, Compression.NONE)) {
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
}
