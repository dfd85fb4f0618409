package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWriterTest {
    private static final Timestamp LONG_AGO = new Timestamp(1_000_000_000, 123_456_789);

    @TempDir
    Path folder;

    private LayerStack stack;

    @BeforeEach
    void newStack() {
        stack = new LayerStack(folder);
    }

    @Test
    void aLayerOfEveryTypeLiesInTheDirectory() throws IOException {
        stack.apply(new RecordedLayer()
                .directory("d")
                .file("d/f", "content")
                .symlink("d/s", "../d/f")
                .hardLink("d/h", "d/f")
                .add(LayerEntry.of(EntryPath.of("d/p"), LayerEntry.Type.FIFO, 0620)));
        Path top = stack.top();
        assertThat(top.resolve("d/f")).hasContent("content");
        assertThat(Files.readSymbolicLink(top.resolve("d/s"))).isEqualTo(Path.of("../d/f"));
        assertThat(attribute("d/h", "ino")).isEqualTo(attribute("d/f", "ino"));
        assertThat(attribute("d/p", "mode")).isEqualTo(0010620);
    }

    @Test
    void metadataIsWhatTheEntrySays() throws IOException {
        var attributes = new TreeMap<>(Map.of("user.note", Bytes.of("x")));
        stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0500)
                        .withMtime(LONG_AGO)
                        .withXattrs(attributes))
                .add(LayerEntry.file(EntryPath.of("d/f"), 04400, 0)
                        .withMtime(LONG_AGO)
                        .withXattrs(attributes))
                .add(LayerEntry.symlink(EntryPath.of("d/s"), Bytes.of("f")).withMtime(LONG_AGO))
                .add(LayerEntry.of(EntryPath.of("d/p"), LayerEntry.Type.FIFO, 01777)
                        .withMtime(LONG_AGO)));
        try (StackedTree tree = stack.tree()) {
            for (String path : List.of("d", "d/f", "d/s", "d/p")) {
                assertThat(status(tree, path).mtime()).as(path).isEqualTo(LONG_AGO);
            }
            assertThat(status(tree, "d").mode()).isEqualTo(0500);
            assertThat(status(tree, "d/f").mode()).isEqualTo(04400);
            assertThat(status(tree, "d/p").mode()).isEqualTo(01777);
            assertThat(tree.xattrs(EntryPath.of("d"))).isEqualTo(attributes);
            assertThat(tree.xattrs(EntryPath.of("d/f"))).isEqualTo(attributes);
        }
    }

    @Test
    @Tag("root")
    void linksWhoseOwnersFindNoSpaceInTheirDirectoryAreNotedAndMade() throws IOException {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root, whose files stand for those of who has one id");
        RecordedLayer layer = new RecordedLayer().directory("d");
        for (int i = 0; i < 9000; i++) {
            layer.add(LayerEntry.symlink(EntryPath.of("d/" + i), Bytes.of("x")).withOwner(1000, 1000));
        }
        List<String> notes =
                TreeWriter.unpack(Linux.recordingOwners(), layer, folder, Optional.empty(), LayerLimits.defaults());
        assertThat(notes.getFirst()).contains("d/").contains("1000:1000 has no space in its directory's attributes");
        assertThat(folder.resolve("d/8999")).isSymbolicLink();
    }

    @Test
    void theRootTakesItsMetadataFromTheLayer() throws IOException {
        stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.ROOT, 0700).withMtime(LONG_AGO)));
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "").mode()).isEqualTo(0700);
            assertThat(status(tree, "").mtime()).isEqualTo(LONG_AGO);
        }
    }

    @Test
    void aLayerThatDoesNotDescribeTheRootLeavesItAsItWas() throws IOException {
        stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.ROOT, 0711).withMtime(LONG_AGO)));
        stack.apply(new RecordedLayer().file("f", ""));
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "").mode()).isEqualTo(0711);
            assertThat(status(tree, "").mtime()).isEqualTo(LONG_AGO);
        }
    }

    @Test
    void missingParentsAreMadeAsAnyInstallerWould() throws IOException {
        stack.apply(new RecordedLayer().file("a/b/c", ""));
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "a/b").mode()).isEqualTo(0755);
            assertThat(status(tree, "a/b").mtime()).isEqualTo(Timestamp.EPOCH);
        }
    }

    @Test
    void parentsOfALowerLayerKeepTheirMetadata() throws IOException {
        var attributes = new TreeMap<>(Map.of("user.note", Bytes.of("x")));
        stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("tmp"), 01777)
                        .withMtime(LONG_AGO)
                        .withXattrs(attributes)));
        stack.apply(new RecordedLayer().file("tmp/f", ""));
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "tmp").mode()).isEqualTo(01777);
            assertThat(status(tree, "tmp").mtime()).isEqualTo(LONG_AGO);
            assertThat(tree.xattrs(EntryPath.of("tmp"))).isEqualTo(attributes);
        }
    }

    @Test
    void aDirectoryDescribedAfterItsContentIsStillDescribed() throws IOException {
        stack.apply(new RecordedLayer()
                .file("d/f", "")
                .add(LayerEntry.directory(EntryPath.of("d"), 0700).withMtime(LONG_AGO)));
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "d").mode()).isEqualTo(0700);
            assertThat(status(tree, "d").mtime()).isEqualTo(LONG_AGO);
        }
    }

    @Test
    void aParentThatIsALinkOfALowerLayerIsResolvedInTheImage() throws IOException {
        stack.apply(new RecordedLayer().directory("usr/lib").symlink("lib", "usr/lib"));
        stack.apply(new RecordedLayer().file("lib/x", "new"));
        assertThat(stack.top().resolve("usr/lib/x")).hasContent("new");
        assertThat(stack.top().resolve("lib")).doesNotExist();
    }

    @Test
    void aWhiteoutHidesTheLowerEntry() throws IOException {
        stack.apply(new RecordedLayer().file("d/f", "").file("d/g", ""));
        stack.apply(new RecordedLayer().whiteout("d/f"));
        assertThat(names("d")).containsExactly("g");
    }

    @Test
    void aWhiteoutThatHidesNothingIsNotMade() throws IOException {
        stack.apply(new RecordedLayer().file("f", ""));
        stack.apply(new RecordedLayer().whiteout("absent").whiteout("no/such/parent"));
        assertThat(stack.top()).isEmptyDirectory();
    }

    @Test
    void aWhiteoutHidesLowerLayersOnlyWhateverTheOrder() throws IOException {
        stack.apply(new RecordedLayer().file("f", "old").file("g", "old"));
        stack.apply(
                new RecordedLayer().file("f", "new").whiteout("f").whiteout("g").file("g", "new"));
        try (StackedTree tree = stack.tree()) {
            assertThat(content(tree, "f")).isEqualTo("new");
            assertThat(content(tree, "g")).isEqualTo("new");
        }
    }

    /** umoci's layers have it after the file, and Docker's none of it. */
    @Test
    void aWhiteoutOfWhatAFileAlreadyCoversDoesNothingWhateverTheOrder() throws IOException {
        stack.apply(new RecordedLayer().file("d/e/f", "old").file("c/e/f", "old"));
        stack.apply(new RecordedLayer()
                .file("d", "new")
                .whiteout("d/e")
                .opaque("d/e/f")
                .whiteout("c/e")
                .file("c", "new"));
        try (StackedTree tree = stack.tree()) {
            assertThat(content(tree, "d")).isEqualTo("new");
            assertThat(content(tree, "c")).isEqualTo("new");
        }
    }

    @Test
    void opaqueWhiteoutHidesOnlyLowerEntriesWhateverTheOrder() throws IOException {
        for (boolean opaqueFirst : new boolean[] {true, false}) {
            LayerStack fresh = new LayerStack(Files.createDirectory(folder.resolve("opaque" + opaqueFirst)));
            fresh.apply(new RecordedLayer().file("d/old", ""));
            RecordedLayer layer = new RecordedLayer().directory("d");
            if (opaqueFirst) {
                layer.opaque("d").file("d/new", "");
            } else {
                layer.file("d/new", "").opaque("d");
            }
            fresh.apply(layer);
            try (StackedTree tree = fresh.tree()) {
                assertThat(names(tree, "d")).containsExactly("new");
            }
        }
    }

    @Test
    void anOpaqueRootHidesEveryLowerEntry() throws IOException {
        stack.apply(new RecordedLayer().file("a", "").file("d/old", "").file("e/old", ""));
        stack.apply(new RecordedLayer().opaque("").file("d/new", ""));
        assertThat(names("")).containsExactly("d");
        assertThat(names("d")).containsExactly("new");
    }

    @Test
    void aDirectoryWhitedOutAndMadeAgainDoesNotMerge() throws IOException {
        stack.apply(new RecordedLayer().file("d/old", ""));
        stack.apply(new RecordedLayer().whiteout("d").directory("d").file("d/new", ""));
        assertThat(names("d")).containsExactly("new");
    }

    @Test
    void aDirectoryWhitedOutAndImpliedAgainIsANewOne() throws IOException {
        stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0700))
                .file("d/old", ""));
        stack.apply(new RecordedLayer().whiteout("d").file("d/new", ""));
        assertThat(names("d")).containsExactly("new");
        try (StackedTree tree = stack.tree()) {
            assertThat(status(tree, "d").mode()).isEqualTo(0755);
        }
    }

    @Test
    void aLinkWhitedOutIsNoWayForLaterEntries() throws IOException {
        stack.apply(new RecordedLayer().directory("usr/lib").symlink("lib", "usr/lib"));
        stack.apply(new RecordedLayer().whiteout("lib").file("lib/x", ""));
        assertThat(names("usr/lib")).isEmpty();
        assertThat(names("lib")).containsExactly("x");
    }

    @Test
    void theLastEntryOfANameCounts() throws IOException {
        stack.apply(new RecordedLayer()
                .file("a", "file")
                .directory("a")
                .file("a/below", "")
                .symlink("a", "nowhere")
                .file("a", "last"));
        assertThat(stack.top().resolve("a")).hasContent("last");
        assertThat(names("")).containsExactly("a");
    }

    /** In the order of paths the separator comes before any other byte. */
    @Test
    void aFileInPlaceOfADirectoryLeavesDirectoriesOfLongerNamesAsTheyAre() throws IOException {
        List<String> others = List.of("d\u0001", "d-", "d.x", "d0");
        RecordedLayer layer = new RecordedLayer().directory("d").directory("d/below");
        others.forEach(layer::directory);
        stack.apply(layer.file("d", ""));
        try (StackedTree tree = stack.tree()) {
            for (String other : others) {
                assertThat(status(tree, other).mode()).as(other).isEqualTo(0755);
            }
        }
    }

    @Test
    void aDirectoryInPlaceOfALowerFileHidesIt() throws IOException {
        stack.apply(new RecordedLayer().file("a", "file").file("b/c", "file"));
        stack.apply(new RecordedLayer().directory("a").file("a/x", "").file("b", "file"));
        assertThat(names("a")).containsExactly("x");
        try (StackedTree tree = stack.tree()) {
            assertThat(content(tree, "b")).isEqualTo("file");
        }
    }

    @Test
    void aDirectoryThatReplacesThisLayersFileDoesNotShowTheLowerOne() throws IOException {
        stack.apply(new RecordedLayer().file("d/old", ""));
        stack.apply(new RecordedLayer().file("d", "").directory("d").file("d/new", ""));
        assertThat(names("d")).containsExactly("new");
    }

    @Test
    void aHardLinkToALowerFileCopiesItUp() throws IOException {
        stack.apply(new RecordedLayer()
                .add(
                        LayerEntry.file(EntryPath.of("d/f"), 04755, 3).withMtime(LONG_AGO),
                        "abc".getBytes(StandardCharsets.UTF_8)));
        stack.apply(new RecordedLayer().hardLink("e/h", "d/f"));
        assertThat(attribute("e/h", "ino")).isEqualTo(attribute("d/f", "ino"));
        try (StackedTree tree = stack.tree()) {
            assertThat(content(tree, "e/h")).isEqualTo("abc");
            assertThat(status(tree, "d/f").mode()).isEqualTo(04755);
            assertThat(status(tree, "d/f").mtime()).isEqualTo(LONG_AGO);
        }
    }

    @Test
    void aHardLinkToALowerLinkSharesTheLinkItself() throws IOException {
        stack.apply(new RecordedLayer().symlink("s", "/etc/passwd"));
        stack.apply(new RecordedLayer().hardLink("h", "s"));
        assertThat(Files.readSymbolicLink(stack.top().resolve("h"))).isEqualTo(Path.of("/etc/passwd"));
    }

    @Test
    void aHardLinkReplacesWhatWasThere() throws IOException {
        stack.apply(new RecordedLayer().file("f", "f").file("h/x", "").hardLink("h", "f"));
        assertThat(stack.top().resolve("h")).hasContent("f");
    }

    @Test
    void namesThatAreNotUtf8AreKept() throws IOException {
        EntryPath one = EntryPath.of(new byte[] {'a', (byte) 0xff});
        EntryPath other = EntryPath.of(new byte[] {'a', (byte) 0xfe});
        stack.apply(new RecordedLayer().file(one, "1").file(other, "2"));
        try (StackedTree tree = stack.tree()) {
            assertThat(tree.list(EntryPath.ROOT).stream().map(FileTree.Child::name))
                    .containsExactly(other.name(), one.name());
        }
    }

    @Test
    void blocksOfZerosBecomeHoles() throws IOException {
        long size = (1L << 30) + 5;
        LayerEntry sparse = LayerEntry.file(EntryPath.of("sparse"), 0644, size);
        stack.apply(sink -> sink.put(sparse, new Zeros()));
        assertThat(Files.size(stack.top().resolve("sparse"))).isEqualTo(size);
        Process du =
                new ProcessBuilder("du", "-k", stack.top().resolve("sparse").toString()).start();
        String[] kilobytes = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\t", -1);
        assertThat(Long.parseLong(kilobytes[0])).isLessThan(1024);
    }

    @Test
    void contentThatEndsInAHoleHasItsLength() throws IOException {
        byte[] content = new byte[512 << 10];
        content[0] = 1;
        stack.apply(new RecordedLayer().add(LayerEntry.file(EntryPath.of("f"), 0644, content.length), content));
        assertThat(Files.readAllBytes(stack.top().resolve("f"))).isEqualTo(content);
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) 0);
            return length;
        }
    }

    private Object attribute(String path, String name) throws IOException {
        return Files.getAttribute(stack.top().resolve(path), "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    private List<String> names(String directory) throws IOException {
        try (StackedTree tree = stack.tree()) {
            return names(tree, directory);
        }
    }

    private static List<String> names(FileTree tree, String directory) throws IOException {
        return tree.list(EntryPath.of(directory)).stream()
                .map(child -> child.name().toString())
                .toList();
    }

    private static FileStatus status(FileTree tree, String path) throws IOException {
        return tree.lstat(EntryPath.of(path)).orElseThrow();
    }

    private static String content(FileTree tree, String path) throws IOException {
        try (InputStream content = tree.open(EntryPath.of(path))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
