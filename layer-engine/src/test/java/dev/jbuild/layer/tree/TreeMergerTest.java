package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge is {@link StackedTree}, whose judge is the kernel's overlayfs. */
class TreeMergerTest {
    @TempDir
    Path folder;

    private LayerStack stack;

    @BeforeEach
    void newStack() {
        stack = new LayerStack(folder);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void mergedLayersAreWhatTheStackShows(long seed) throws IOException {
        RandomTree tree = RandomTree.of(seed);
        stack.apply(tree.layer());
        for (int i = 1; i < 4; i++) {
            RandomTree next = tree.changed(seed * 100 + i);
            applyDifference(tree, next, i);
            tree = next;
        }
        List<String> expected = listing(stack.tree());
        assertThat(merged()).isEqualTo(expected);
    }

    @Test
    void whiteoutsAndOpaqueDirectoriesTakeAwayAndLeaveNoMark() throws IOException {
        stack.apply(new RecordedLayer().file("a/old", "1").file("b/gone", "2").file("c/kept", "3"));
        stack.apply(new RecordedLayer()
                .directory("a")
                .opaque("a")
                .file("a/new", "4")
                .whiteout("b/gone")
                .file("c/more", "5"));

        assertThat(merged())
                .extracting(line -> line.split(" ")[0])
                .containsExactly(".", "a", "a/new", "b", "c", "c/kept", "c/more");
        assertThat(Linux.system().listXattrsAt(open("layer0/a"), new byte[0])).isEmpty();
    }

    @Test
    void aSharedDirectoryBecomesAsTheUpperLayerDescribesIt() throws IOException {
        LayerEntry old = LayerEntry.directory(EntryPath.of("d"), 0755)
                .withMtime(new Timestamp(1, 2))
                .withXattrs(new TreeMap<>(Map.of("user.old", Bytes.of("x"), "user.both", Bytes.of("1"))));
        LayerEntry now = LayerEntry.directory(EntryPath.of("d"), 0555)
                .withMtime(new Timestamp(3, 4))
                .withXattrs(new TreeMap<>(Map.of("user.both", Bytes.of("2"))));
        stack.apply(new RecordedLayer().add(old).file("d/a", ""));
        stack.apply(new RecordedLayer().add(now).file("d/b", ""));

        assertThat(merged())
                .filteredOn(line -> line.startsWith("d "))
                .singleElement()
                .asString()
                .contains(" 555 ", " 3.4 ", "{user.both=2}");
    }

    @Test
    void deepTreesAreMergedWithoutRecursion() throws IOException {
        String deep = "d/".repeat(2500);
        stack.apply(new RecordedLayer().file(EntryPath.of(deep + "one"), "1"));
        stack.apply(new RecordedLayer().file(EntryPath.of(deep + "two"), "22"));

        TreeMerger.merge(Linux.system(), stack.top(), stack.directories().getLast());

        assertThat(TreeSize.of(Linux.system(), stack.directories().getLast())).isEqualTo(3);
        // Its paths are too long for whoever would remove them by name.
        try (Fd parent = open(".")) {
            new TreeRemover(Linux.system()).remove(parent, "layer0".getBytes(US_ASCII));
            new TreeRemover(Linux.system()).remove(parent, "layer1".getBytes(US_ASCII));
        }
    }

    /** Where owners are recorded, those of links stand in their directory. */
    @Test
    void aLinkWhoseOwnerHasNoSpaceIsMovedOrLinkedAndTold() throws IOException {
        stack.apply(new RecordedLayer().symlink("d/old", "x"));
        List<String> ofWriting = new LayerStack(
                        Files.createDirectory(folder.resolve("linked")), withoutSpaceForOwners())
                .apply(new RecordedLayer().symlink("a", "x").hardLink("b", "a"));
        assertThat(ofWriting)
                .singleElement()
                .asString()
                .startsWith("b: its owner ")
                .contains("has no space");
        assertThat(Files.isSymbolicLink(folder.resolve("linked/layer0/b"))).isTrue();

        stack.apply(new RecordedLayer().symlink("d/new", "x"));
        Path target = stack.directories().getLast();
        List<String> ofMerging = TreeMerger.merge(withoutSpaceForOwners(), stack.top(), target);
        assertThat(ofMerging)
                .singleElement()
                .asString()
                .startsWith("d/new: its owner ")
                .contains("has no space");
        assertThat(Files.isSymbolicLink(target.resolve("d/new"))).isTrue();
    }

    /** A recording kernel that gives new names to entries, and then finds no space for their owners. */
    private static Linux withoutSpaceForOwners() {
        InvocationHandler handler = (_, method, arguments) -> {
            try {
                Object result = method.invoke(Linux.system(), arguments);
                return switch (method.getName()) {
                    case "linkAt", "renameAt" -> throw new LinuxException("setxattr", Errno.ENOSPC, "a directory");
                    case "recordsOwners" -> true;
                    default -> result;
                };
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    private List<String> merged() throws IOException {
        List<Path> layers = stack.directories().reversed();
        for (Path layer : layers.subList(1, layers.size())) {
            TreeMerger.merge(Linux.system(), layer, layers.getFirst());
        }
        return listing(DirectoryTree.open(Linux.system(), layers.getFirst()));
    }

    private static List<String> listing(FileTree tree) throws IOException {
        try (tree) {
            return TreeListing.of(tree);
        }
    }

    private Fd open(String path) throws IOException {
        return Linux.system().open(folder.resolve(path), OpenFlag.PATH);
    }

    private void applyDifference(RandomTree before, RandomTree after, int number) throws IOException {
        LayerStack old = new LayerStack(Files.createDirectory(folder.resolve("old" + number)));
        LayerStack now = new LayerStack(Files.createDirectory(folder.resolve("now" + number)));
        old.apply(before.layer());
        now.apply(after.layer());
        try (StackedTree oldTree = old.tree();
                StackedTree nowTree = now.tree()) {
            stack.apply(new TreeDiff(oldTree, nowTree));
        }
    }
}
