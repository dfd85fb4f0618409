package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeDiffTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatTurnsOneTreeIntoAnotherTurnsItIntoThatOther(long seed) throws IOException {
        RandomTree first = RandomTree.of(seed);
        LayerStack before = stack("before", first.layer());
        LayerStack after = stack("after", first.changed(seed + 1000).layer());
        try (StackedTree old = before.tree();
                StackedTree now = after.tree()) {
            before.apply(new TreeDiff(old, now));
            try (StackedTree result = before.tree()) {
                assertThat(TreeListing.withoutDirectoryTimes(result)).isEqualTo(TreeListing.withoutDirectoryTimes(now));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void equalTreesDifferInNothing(long seed) throws IOException {
        LayerStack one = stack("one", RandomTree.of(seed).layer());
        LayerStack other = stack("other", RandomTree.of(seed).layer());
        try (StackedTree old = one.tree();
                StackedTree now = other.tree()) {
            assertThat(RecordedLayer.of(new TreeDiff(old, now)).summary()).isEmpty();
            assertThat(TreeListing.of(now)).isEqualTo(TreeListing.of(old));
        }
    }

    @Test
    void aChangedContentIsFoundBehindEqualMetadata() throws IOException {
        assertThat(diff(new RecordedLayer().file("f", "one"), new RecordedLayer().file("f", "two")))
                .containsExactly("FILE f");
    }

    @Test
    void aChangedEndOfALongFileIsFoundBehindEqualMetadata() throws IOException {
        String begin = "x".repeat(200_000);
        assertThat(diff(new RecordedLayer().file("f", begin + "1"), new RecordedLayer().file("f", begin + "2")))
                .containsExactly("FILE f");
    }

    @Test
    void anOldTimeWithoutAFractionIsAnyOfItsSecondSinceUnpackingAlone() throws IOException {
        RecordedLayer whole = new RecordedLayer().add(fileOf(new Timestamp(7, 0)));
        RecordedLayer early = new RecordedLayer().add(fileOf(new Timestamp(7, 1)));
        RecordedLayer late = new RecordedLayer().add(fileOf(new Timestamp(7, 2)));

        assertThat(diff(whole, early, TreeDiff::sinceUnpacking)).isEmpty();
        assertThat(diff(early, late, TreeDiff::sinceUnpacking)).containsExactly("FILE f");
        assertThat(diff(whole, early)).containsExactly("FILE f");
    }

    private static LayerEntry fileOf(Timestamp mtime) {
        return LayerEntry.file(EntryPath.of("f"), 0644, 0).withMtime(mtime);
    }

    @Test
    void aLinkWithAnotherTextOfTheSameLengthIsFound() throws IOException {
        assertThat(diff(new RecordedLayer().symlink("l", "a"), new RecordedLayer().symlink("l", "b")))
                .containsExactly("SYMLINK l");
    }

    @Test
    void anyChangedMetadataIsFoundBehindEqualContent() throws IOException {
        LayerEntry file = LayerEntry.file(EntryPath.of("f"), 0644, 0).withMtime(new Timestamp(7, 500));
        List<LayerEntry> changed = List.of(
                LayerEntry.file(EntryPath.of("f"), 0600, 0).withMtime(file.mtime()),
                file.withMtime(new Timestamp(7, 501)),
                file.withXattrs(new TreeMap<>(Map.of("user.note", Bytes.of("x")))));
        for (LayerEntry other : changed) {
            assertThat(diff(new RecordedLayer().add(file), new RecordedLayer().add(other)))
                    .as(other.toString())
                    .containsExactly("FILE f");
        }
        assertThat(diff(new RecordedLayer().add(file), new RecordedLayer().add(file)))
                .isEmpty();
    }

    @Test
    @Tag("root")
    void anotherOwnerOrDeviceIsFoundBehindEqualContent() throws IOException {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root to give files away and to make devices");
        EntryPath path = EntryPath.of("f");
        LayerEntry device = LayerEntry.device(path, LayerEntry.Type.CHAR_DEVICE, 0600, 1, 3);
        List<LayerEntry> changed = List.of(
                device.withOwner(1, 0),
                device.withOwner(0, 1),
                LayerEntry.device(path, LayerEntry.Type.BLOCK_DEVICE, 0600, 1, 3),
                LayerEntry.device(path, LayerEntry.Type.CHAR_DEVICE, 0600, 2, 3),
                LayerEntry.device(path, LayerEntry.Type.CHAR_DEVICE, 0600, 1, 4));
        for (LayerEntry other : changed) {
            assertThat(diff(new RecordedLayer().add(device), new RecordedLayer().add(other)))
                    .as(other.toString())
                    .containsExactly(other.type() + " f");
        }
    }

    @Test
    void parentsComeBeforeAChangeAndOnlyThose() throws IOException {
        RecordedLayer before = new RecordedLayer().file("a/b/c", "").file("x/y", "");
        RecordedLayer after = new RecordedLayer().file("a/b/c", "new").file("x/y", "");
        assertThat(diff(before, after)).containsExactly("DIRECTORY a", "DIRECTORY a/b", "FILE a/b/c");
    }

    @Test
    void aRemovedDirectoryIsOneWhiteout() throws IOException {
        RecordedLayer before = new RecordedLayer().file("a/b/c", "").file("d", "");
        assertThat(diff(before, new RecordedLayer().file("d", ""))).containsExactly("WHITEOUT a");
    }

    @Test
    void aFileInPlaceOfADirectoryNeedsNoWhiteout() throws IOException {
        RecordedLayer before = new RecordedLayer().file("a/b", "");
        assertThat(diff(before, new RecordedLayer().file("a", ""))).containsExactly("FILE a");
        assertThat(diff(new RecordedLayer().file("a", ""), before)).containsExactly("DIRECTORY a", "FILE a/b");
    }

    @Test
    void namesOfOneInodeStayLinked() throws IOException {
        RecordedLayer after =
                new RecordedLayer().file("b", "x").hardLink("a", "b").hardLink("c", "b");
        assertThat(diff(new RecordedLayer(), after)).containsExactly("FILE a", "HARDLINK b", "HARDLINK c");
    }

    @Test
    void aNewNameBringsTheOtherNamesOfAnUnchangedFileAlong() throws IOException {
        RecordedLayer before = new RecordedLayer().file("d/a", "x").file("d/other", "y");
        RecordedLayer after =
                new RecordedLayer().file("d/a", "x").file("d/other", "y").hardLink("e", "d/a");
        assertThat(diff(before, after)).containsExactly("DIRECTORY d", "FILE d/a", "HARDLINK e");
    }

    @Test
    void filesThatBecomeOneOrTwoAreWritten() throws IOException {
        RecordedLayer two = new RecordedLayer().file("a", "x").file("b", "x");
        RecordedLayer one = new RecordedLayer().file("a", "x").hardLink("b", "a");
        assertThat(diff(two, one)).containsExactly("FILE a", "HARDLINK b");
        assertThat(diff(one, two)).containsExactly("FILE a", "FILE b");
        assertThat(diff(one, one)).isEmpty();
    }

    @Test
    void aNameThatGoesOrBecomesAnotherFileLeavesTheOthersAlone() throws IOException {
        RecordedLayer three =
                new RecordedLayer().file("a", "x").hardLink("b", "a").hardLink("c", "a");
        assertThat(diff(three, new RecordedLayer().file("a", "x").hardLink("b", "a")))
                .containsExactly("WHITEOUT c");
        assertThat(diff(
                        three,
                        new RecordedLayer().file("a", "x").hardLink("b", "a").file("c", "other")))
                .containsExactly("FILE c");
    }

    @Test
    void theRootIsWrittenOnlyWhenItChanged() throws IOException {
        RecordedLayer after = new RecordedLayer().add(LayerEntry.directory(EntryPath.ROOT, 0700));
        assertThat(diff(new RecordedLayer(), after)).containsExactly("DIRECTORY .");
    }

    @Test
    void deepTreesAreWalkedAndRemovedWithoutRecursion() throws IOException {
        EntryPath deep = EntryPath.of("d/".repeat(2099) + "d");
        RecordedLayer after = new RecordedLayer().file(deep.resolve("f"), "");
        assertThat(diff(new RecordedLayer(), after)).hasSize(2101);
        // JUnit's own clean-up is no match for such a tree.
        try (Fd place = Linux.system().open(folder, OpenFlag.PATH)) {
            for (FileTree.Child child : list(folder)) {
                new TreeRemover(Linux.system()).remove(place, child.name().toArray());
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCopyTellsWhetherItsTimesHaveFractions() throws IOException {
        Files.createFile(folder.resolve("f"));
        try (DirectoryTree exact = DirectoryTree.open(Linux.system(), folder);
                DirectoryTree coarse = DirectoryTree.open(inWholeSeconds(), folder)) {
            assertThat(CopiedEntries.of(exact).isInWholeSeconds()).isFalse();
            assertThat(CopiedEntries.of(coarse).isInWholeSeconds()).isTrue();
        }
    }

    /** A kernel whose filesystem has inodes of 128 bytes. */
    private static Linux inWholeSeconds() {
        InvocationHandler handler = (_, method, arguments) -> {
            Object result = method.invoke(Linux.system(), arguments);
            return method.getName().equals("statAt")
                    ? ((Optional<?>) result).map(stat -> Stats.inWholeSeconds((FileStat) stat))
                    : result;
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    private List<String> diff(RecordedLayer before, RecordedLayer after) throws IOException {
        return diff(before, after, TreeDiff::new);
    }

    private List<String> diff(
            RecordedLayer before, RecordedLayer after, BiFunction<FileTree, FileTree, TreeDiff> difference)
            throws IOException {
        Path place = Files.createTempDirectory(folder, "diff");
        LayerStack old = new LayerStack(Files.createDirectory(place.resolve("old")));
        LayerStack now = new LayerStack(Files.createDirectory(place.resolve("now")));
        old.apply(before);
        now.apply(after);
        try (StackedTree oldTree = old.tree();
                StackedTree nowTree = now.tree()) {
            return RecordedLayer.of(difference.apply(oldTree, nowTree)).summary();
        }
    }

    private static List<FileTree.Child> list(Path folder) throws IOException {
        try (DirectoryTree tree = DirectoryTree.open(Linux.system(), folder)) {
            return tree.list(EntryPath.ROOT);
        }
    }

    private LayerStack stack(String name, RecordedLayer layer) throws IOException {
        LayerStack stack = new LayerStack(Files.createDirectory(folder.resolve(name)));
        stack.apply(layer);
        return stack;
    }
}
