package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of overlayfs one by one; that the kernel has the same is for {@link OverlayRoundTripTest}. */
class StackedTreeTest {
    private final Linux linux = Linux.system();

    @TempDir
    Path folder;

    private Path low;
    private Path mid;
    private Path top;

    @BeforeEach
    void makeLayers() throws IOException {
        low = Files.createDirectory(folder.resolve("low"));
        mid = Files.createDirectory(folder.resolve("mid"));
        top = Files.createDirectory(folder.resolve("top"));
    }

    @Test
    void directoriesOfOneNameMerge() throws IOException {
        write(low, "d/low", "");
        write(mid, "d/mid", "");
        write(top, "d/top", "");
        assertThat(names("d")).containsExactly("low", "mid", "top");
    }

    @Test
    void theTopmostEntryCounts() throws IOException {
        write(low, "d/f", "low");
        write(mid, "d/f", "mid");
        write(low, "d/g", "low");
        assertThat(content("d/f")).isEqualTo("mid");
        assertThat(content("d/g")).isEqualTo("low");
    }

    /** To the kernel this second form is a zero-size regular file (Documentation/filesystems/overlayfs.rst). */
    @Test
    void aMarkOnWhatIsNoEmptyFileHidesNothing() throws IOException {
        write(low, "d/f", "low");
        write(low, "g", "low");
        write(low, "h", "low");
        write(mid, "d/f", "mid");
        write(mid, "g", "mid");
        write(mid, "h", "");
        for (String marked : List.of("d", "g", "h")) {
            Files.setAttribute(mid.resolve(marked), "user:overlay.whiteout", StandardCharsets.UTF_8.encode("y"));
        }
        assertThat(content("d/f")).isEqualTo("mid");
        assertThat(content("g")).isEqualTo("mid");
        assertThat(names("")).containsExactly("d", "g");
    }

    @Test
    void aWhiteoutEndsTheSearch() throws IOException {
        write(low, "d/f", "");
        write(low, "gone/f", "");
        whiteout(mid, "d", "f");
        whiteout(mid, "", "gone");
        try (StackedTree tree = tree()) {
            assertThat(tree.lstat(EntryPath.of("d/f"))).isEmpty();
            assertThat(tree.lstat(EntryPath.of("gone/f"))).isEmpty();
            assertThat(tree.realPath(EntryPath.of("gone"), true)).isEmpty();
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> tree.list(EntryPath.of("gone")));
        }
        assertThat(names("d")).isEmpty();
        assertThat(names("")).containsExactly("d");
    }

    @Test
    void whatIsAboveAWhiteoutShows() throws IOException {
        write(low, "d/old", "");
        whiteout(mid, "", "d");
        write(top, "d/new", "");
        assertThat(names("d")).containsExactly("new");
    }

    @Test
    void anOpaqueDirectoryHidesTheLowerOnes() throws IOException {
        write(low, "d/low", "");
        write(mid, "d/mid", "");
        write(top, "d/top", "");
        opaque(mid, "d");
        assertThat(names("d")).containsExactly("mid", "top");
    }

    @Test
    void onlyTheValueYMakesADirectoryOpaque() throws IOException {
        write(low, "d/low", "");
        write(top, "d/top", "");
        mark(top, "d", "n");
        assertThat(names("d")).containsExactly("low", "top");
    }

    @Test
    void aFileBetweenTwoDirectoriesEndsTheMerge() throws IOException {
        write(low, "d/low", "");
        write(mid, "d", "file");
        write(top, "d/top", "");
        assertThat(names("d")).containsExactly("top");
        try (StackedTree tree = tree()) {
            assertThat(tree.lstat(EntryPath.of("d/low"))).isEmpty();
        }
    }

    @Test
    void aDirectoryHasTheMetadataOfTheTopmost() throws IOException {
        write(low, "d/f", "");
        write(top, "d/g", "");
        try (Fd root = linux.open(top, OpenFlag.PATH);
                Fd directory = linux.openAt(root, new byte[] {'d'}, 0, OpenFlag.READ)) {
            linux.chmod(directory, 0700);
            linux.setXattrAt(root, new byte[] {'d'}, "user.top", new byte[] {1});
        }
        try (StackedTree tree = tree()) {
            assertThat(tree.lstat(EntryPath.of("d")).orElseThrow().mode()).isEqualTo(0700);
            assertThat(tree.xattrs(EntryPath.of("d"))).containsOnlyKeys("user.top");
        }
    }

    @Test
    void overlayfssOwnAttributesAreNotShown() throws IOException {
        write(top, "d/f", "");
        opaque(top, "d");
        try (StackedTree tree = tree()) {
            assertThat(tree.xattrs(EntryPath.of("d"))).isEmpty();
        }
    }

    @Test
    void linksLeadAcrossLayers() throws IOException {
        write(low, "usr/lib/x", "content");
        Files.createSymbolicLink(mid.resolve("lib"), Path.of("/usr/lib"));
        Files.createSymbolicLink(top.resolve("x"), Path.of("lib/x"));
        assertThat(content("lib/x")).isEqualTo("content");
        try (StackedTree tree = tree()) {
            assertThat(tree.realPath(EntryPath.of("x"), true)).contains(EntryPath.of("usr/lib/x"));
            assertThat(tree.readLink(EntryPath.of("lib"))).isEqualTo(Bytes.of("/usr/lib"));
            assertThat(tree.landing(EntryPath.of("lib/new"), true)).isEqualTo(EntryPath.of("usr/lib/new"));
            assertThatExceptionOfType(NotDirectoryException.class)
                    .isThrownBy(() -> tree.list(EntryPath.of("usr/lib/x")));
        }
    }

    @Test
    void fiveHundredLayersStack() throws IOException {
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Path layer = Files.createDirectory(folder.resolve("layer" + i));
            write(layer, "d/f" + i, "");
            layers.add(layer);
        }
        try (StackedTree tree = StackedTree.open(linux, layers)) {
            assertThat(tree.list(EntryPath.of("d"))).hasSize(500);
        }
    }

    @Test
    void aStackHasALayer() {
        assertThatIllegalArgumentException().isThrownBy(() -> StackedTree.open(linux, List.of()));
    }

    @Test
    void aMissingLayerIsAnErrorAndLeavesNothingOpen() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StackedTree.open(linux, List.of(top, folder.resolve("absent"))))
                .withMessageContaining("absent");
    }

    private StackedTree tree() throws IOException {
        return StackedTree.open(linux, List.of(top, mid, low));
    }

    private List<String> names(String directory) throws IOException {
        try (StackedTree tree = tree()) {
            return tree.list(EntryPath.of(directory)).stream()
                    .map(child -> child.name().toString())
                    .toList();
        }
    }

    private String content(String path) throws IOException {
        try (StackedTree tree = tree();
                InputStream content = tree.open(EntryPath.of(path))) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    private static void write(Path layer, String path, String content) throws IOException {
        Path file = layer.resolve(path);
        int slash = path.lastIndexOf('/');
        Files.createDirectories(slash < 0 ? layer : layer.resolve(path.substring(0, slash)));
        Files.writeString(file, content);
    }

    private void whiteout(Path layer, String directory, String name) throws IOException {
        Files.createDirectories(layer.resolve(directory));
        try (Fd parent = linux.open(layer.resolve(directory), OpenFlag.PATH)) {
            linux.makeNodeAt(parent, name.getBytes(UTF_8), FileKind.CHAR_DEVICE, 0, 0, 0);
        }
    }

    private void opaque(Path layer, String directory) throws IOException {
        mark(layer, directory, "y");
    }

    private void mark(Path layer, String directory, String value) throws IOException {
        try (Fd root = linux.open(layer, OpenFlag.PATH)) {
            linux.setXattrAt(root, directory.getBytes(UTF_8), "user.overlay.opaque", value.getBytes(UTF_8));
        }
    }
}
