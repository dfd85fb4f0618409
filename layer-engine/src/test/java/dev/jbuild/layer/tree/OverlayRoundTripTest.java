package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's overlayfs is the judge: it must show what {@link StackedTree} shows, and understand what we write. */
@Tag("root")
class OverlayRoundTripTest {
    @TempDir
    Path folder;

    private LayerStack stack;

    @BeforeEach
    void needRoot() {
        assumeThat(Linux.system().effectiveUid())
                .as("mounting an overlay needs root")
                .isZero();
        stack = new LayerStack(folder);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theKernelShowsAStackAsWeSeeIt(long seed) throws IOException {
        RandomTree tree = RandomTree.of(seed);
        stack.apply(tree.layer());
        for (int i = 1; i < 5; i++) {
            RandomTree next = tree.changed(seed * 100 + i);
            applyDifference(tree, next, i);
            tree = next;
        }
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                DirectoryTree kernel = overlay.tree();
                StackedTree ours = stack.tree()) {
            assertThat(TreeListing.of(ours)).isEqualTo(TreeListing.of(kernel));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatAStepDidIsWhatItsLayerDoes(long seed) throws IOException {
        RandomTree tree = RandomTree.of(seed);
        stack.apply(tree.layer());
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            for (String command : anyCommands(tree.paths(), new Random(seed))) {
                overlay.run(command + " 2>/dev/null");
            }
            try (DirectoryTree kernel = overlay.tree();
                    StackedTree stacked = StackedTree.open(Linux.system(), List.of(overlay.upper(), stack.top()))) {
                List<String> expected = TreeListing.withoutDirectoryTimes(kernel);
                assertThat(TreeListing.withoutDirectoryTimes(stacked)).isEqualTo(expected);
                assertThat(applied(overlay, Optional.of(lower), "exact")).isEqualTo(expected);
                assertThat(applied(overlay, Optional.empty(), "as-found")).isEqualTo(expected);
            }
        }
    }

    @Test
    void changesBecomeTheEntriesOfBuildKitsDiffer() throws IOException {
        stack.apply(new RecordedLayer()
                .file("etc/passwd", "root")
                .file("etc/untouched", "")
                .file("etc/opened", "")
                .file("usr/share/doc/a", "")
                .file("var/cache/one", "1")
                .file("var/cache/two", "2")
                .file("kept/deep/file", ""));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            overlay.run("echo user >> etc/passwd");
            overlay.run("touch -r etc/opened /tmp/.; : >> etc/opened; touch -d @0 etc/opened");
            overlay.run("rm -r usr/share/doc");
            overlay.run("cp -a var/cache " + folder + "/kept; rm -r var/cache; cp -a " + folder + "/kept var/cache");
            overlay.run("rm var/cache/two; echo 3 > var/cache/three");
            overlay.run("touch kept/deep/scratch; rm kept/deep/scratch");
            overlay.run("mkdir new; echo x > new/file; ln new/file new/link");
            RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), Optional.of(lower)));
            assertThat(layer.summary())
                    .containsExactly(
                            "DIRECTORY etc",
                            "FILE etc/passwd",
                            "DIRECTORY new",
                            "FILE new/file",
                            "HARDLINK new/link",
                            "DIRECTORY usr",
                            "DIRECTORY usr/share",
                            "WHITEOUT usr/share/doc",
                            "DIRECTORY var",
                            "DIRECTORY var/cache",
                            "FILE var/cache/three",
                            "WHITEOUT var/cache/two");
            assertThat(layer.entries())
                    .allSatisfy(entry -> assertThat(entry.xattrs()).isEmpty());
        }
    }

    @Test
    void theKernelHidesWhatIsGoneWhereNoDeviceCanBeMade() throws IOException {
        stack = new LayerStack(folder, withoutDevices());
        stack.apply(new RecordedLayer().file("gone", "").file("d/gone", "").file("d/kept", ""));
        stack.apply(new RecordedLayer()
                .add(LayerEntry.whiteout(EntryPath.of("gone")))
                .add(LayerEntry.whiteout(EntryPath.of("d/gone"))));
        stack.apply(new RecordedLayer().file("other", ""));

        assertThat(Files.isRegularFile(stack.directories().get(1).resolve("d/gone")))
                .as("the mark that is no device")
                .isTrue();
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories())) {
            overlay.run("[ \"$(echo *) $(ls -A d)\" = 'd other kept' ] || echo $(find)");
        }
    }

    /** A kernel that refuses devices, as a container's seccomp filter does. */
    private static Linux withoutDevices() {
        InvocationHandler handler = (_, method, arguments) -> {
            if (method.getName().equals("makeNodeAt")) {
                throw new LinuxException("mknodat", Errno.EPERM, "a device");
            }
            try {
                return method.invoke(Linux.system(), arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    @Test
    void withoutTheLowerTreeOpaqueDirectoriesStayOpaque() throws IOException {
        stack.apply(new RecordedLayer().file("d/old", ""));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories())) {
            overlay.run("rm -r d; mkdir d; echo > d/new");
            RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), Optional.empty()));
            assertThat(layer.summary()).containsExactly("DIRECTORY d", "OPAQUE d", "FILE d/new");
        }
    }

    @Test
    void aStepThatChangesNothingLeavesNoEntries() throws IOException {
        stack.apply(new RecordedLayer().file("d/f", "content"));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            UpperTree upper = new UpperTree(Linux.system(), overlay.upper(), Optional.of(lower));
            assertThat(upper.isEmpty()).isTrue();
            overlay.run("touch d/x; rm d/x; chmod 600 d/f; chmod 644 d/f");
            assertThat(overlay.upper().resolve("d/f")).exists();
            assertThat(upper.isEmpty()).isTrue();
            overlay.run("chmod 600 d/f");
            assertThat(upper.isEmpty()).isFalse();
        }
    }

    @Test
    void aNewNameOfALowerFileIsALinkToIt() throws IOException {
        stack.apply(new RecordedLayer().file("a", "x").hardLink("f", "a").file("d/b", "y"));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            overlay.run("chmod 600 f; chmod 644 f; ln d/b c; ln c d/e");
            RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), Optional.of(lower)));
            assertThat(layer.summary()).containsExactly("FILE c", "DIRECTORY d", "HARDLINK d/b", "HARDLINK d/e");
        }
    }

    @Test
    void socketsAreLeftOutAndWhatTheyCoverIsGone() throws IOException {
        stack.apply(new RecordedLayer().file("run/s", ""));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            overlay.run("rm run/s; python3 -c 'import socket\n"
                    + "for n in \"run/s\", \"run/t\": socket.socket(socket.AF_UNIX).bind(n)'");
            RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), Optional.of(lower)));
            assertThat(layer.summary()).containsExactly("DIRECTORY run", "WHITEOUT run/s");
        }
    }

    @Test
    void aChangedRootIsPartOfTheLayer() throws IOException {
        stack.apply(new RecordedLayer().add(LayerEntry.directory(EntryPath.ROOT, 0755)));
        try (KernelOverlay overlay = new KernelOverlay(folder, stack.directories());
                StackedTree lower = stack.tree()) {
            overlay.run("chmod 700 .");
            RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), Optional.of(lower)));
            assertThat(layer.summary()).containsExactly("DIRECTORY .");
        }
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

    /** The step's layer, applied over the lower tree anew. */
    private List<String> applied(KernelOverlay overlay, Optional<StackedTree> lower, String name) throws IOException {
        RecordedLayer layer = RecordedLayer.of(new UpperTree(Linux.system(), overlay.upper(), lower));
        Path directory = Files.createDirectory(folder.resolve(name));
        try (StackedTree below = stack.tree()) {
            TreeWriter.unpack(Linux.system(), layer, directory, Optional.of(below), LayerLimits.defaults());
        }
        try (StackedTree result = StackedTree.open(Linux.system(), List.of(directory, stack.top()))) {
            return TreeListing.withoutDirectoryTimes(result);
        }
    }

    private static List<String> anyCommands(List<EntryPath> paths, Random random) {
        List<EntryPath> plain =
                paths.stream().filter(path -> path.text().indexOf('\uFFFD') < 0).toList();
        return IntStream.range(0, 60)
                .mapToObj(i -> anyCommand(quoted(plain, random), quoted(plain, random), random))
                .toList();
    }

    private static String quoted(List<EntryPath> paths, Random random) {
        return "'" + paths.get(random.nextInt(paths.size())).text() + "'";
    }

    private static String anyCommand(String one, String other, Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> "rm -rf " + one;
            case 1 -> "mv " + one + " " + other;
            // Not into a FIFO, which nobody reads.
            case 2 -> "cp -a --remove-destination " + one + " " + other;
            case 3 -> "ln " + one + " " + other;
            case 4 -> "chmod 0751 " + one;
            case 5 -> "chown 5:6 " + one;
            case 6 -> "test -p " + one + " || echo more >> " + one;
            case 7 -> "rm -rf " + one + "; mkdir -p " + one + "/sub";
            case 8 -> "rm -rf " + one + "; ln -s /target " + one;
            default -> "touch " + one;
        };
    }
}
