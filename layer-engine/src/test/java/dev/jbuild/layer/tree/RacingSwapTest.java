package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.linux.RenameFlag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process swaps a directory for a link to the outside, again and again, while we read or write through it. What lies outside must
 * stay as it was to the time of its last change, which nobody can set back.
 */
@Timeout(3600)
class RacingSwapTest {
    /** {@code -Djbuild.swap.rounds=100000} tries longer. */
    private static final int ROUNDS = Integer.getInteger("jbuild.swap.rounds", 1000);

    /** What the kernel says where the directory is a link just now, or was when it was looked at. */
    private static final Set<Integer> SWAPPED =
            Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EEXIST, Errno.EINVAL, Errno.ENOTEMPTY, Errno.EISDIR);

    private static final LayerLimits LIMITS = LayerLimits.defaults().withMaxEntries(1L << 40);
    private static final byte[] DIRECTORY = {'d'};
    private static final byte[] LINK = {'l'};
    private static final byte[] FRESH = {'f'};

    @TempDir
    Path folder;

    private final Linux linux = Linux.system();
    private Path root;
    private Path outside;
    private List<String> outsideBefore;
    private SwappingProcess swapper;

    /** The directory {@code d/sub} of the root, however it is called just now. */
    private Fd real;

    private int round;
    private int gotThrough;

    @BeforeEach
    void startSwapping() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectories(root.resolve("d/sub"));
        Files.writeString(root.resolve("d/sub/file"), "inside");
        Files.createDirectory(outside.resolve("sub"));
        Files.writeString(outside.resolve("sub/file"), "outside");
        Files.writeString(outside.resolve("sub/secret"), "outside");
        Files.createSymbolicLink(root.resolve("l"), outside);
        real = linux.open(root.resolve("d/sub"), OpenFlag.PATH);
        outsideBefore = PythonListing.exact(outside);
        swapper = SwappingProcess.in(root, folder.resolve("notes"));
    }

    @AfterEach
    void nothingHappenedOutside(TestInfo test, TestReporter reporter) throws IOException {
        long swaps = swapper.swaps();
        swapper.close();
        real.close();
        assertThat(PythonListing.exact(outside)).isEqualTo(outsideBefore).hasSize(4);
        assertThat(swaps).as("swaps while the test ran").isGreaterThan(ROUNDS);
        assertThat(gotThrough).as("rounds that met the directory").isPositive();
        reporter.publishEntry(
                test.getDisplayName(), swaps + " swaps, " + round + " rounds, " + gotThrough + " met the directory");
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    /** Until both have done their number of rounds, and one of them met the directory. */
    private void race(Attempt attempt) throws IOException {
        race(ROUNDS, attempt);
    }

    private void race(int rounds, Attempt attempt) throws IOException {
        for (round = 0; round < rounds || swapper.swaps() <= ROUNDS || gotThrough == 0; round++) {
            gotThrough += succeeds(attempt) ? 1 : 0;
        }
    }

    private static boolean succeeds(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return true;
        } catch (RefusedLayerException | NoSuchFileException | NotDirectoryException swapped) {
            return false;
        } catch (LinuxException swapped) {
            assertThat(SWAPPED).as(swapped.getMessage()).contains(swapped.errno());
            return false;
        }
    }

    @Test
    void whatIsReadComesFromInside() throws IOException {
        try (DirectoryTree tree = DirectoryTree.open(linux, root)) {
            race(() -> {
                // A cursor that stays in an open directory would not meet the swap.
                tree.lstat(EntryPath.of("l"));
                try (InputStream content = tree.open(EntryPath.of("d/sub/file"))) {
                    assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo("inside");
                }
            });
        }
    }

    @Test
    void whatADifferenceFindsIsInside() throws IOException {
        try (DirectoryTree empty = DirectoryTree.open(linux, Files.createDirectory(folder.resolve("empty")))) {
            race(() -> {
                try (DirectoryTree tree = DirectoryTree.open(linux, root)) {
                    new TreeDiff(empty, tree).writeTo((entry, content) -> {
                        assertThat(entry.path().toString()).doesNotContain("secret");
                        assertThat(new String(content.readAllBytes(), UTF_8)).isNotEqualTo("outside");
                    });
                }
            });
        }
    }

    @Test
    void filesWithOwnersModesAndAttributesLandInside() throws IOException {
        try (TreeWriter writer = new TreeWriter(linux, root, Optional.empty(), LIMITS)) {
            race(() -> {
                put(writer, file("elsewhere" + round % 100));
                put(writer, file("d/sub/file").withMode(04711).withMtime(new Timestamp(round, 0)));
            });
        }
    }

    /** One name of the two, or both, lie where the swap is. */
    @Test
    void hardLinksBindWhatIsInside() throws IOException {
        Files.createDirectory(root.resolve("elsewhere"));
        try (TreeWriter writer = new TreeWriter(linux, root, Optional.empty(), LIMITS)) {
            race(() -> {
                put(writer, link("d/sub/link", "d/sub/file"));
                put(writer, link("elsewhere/link", "d/sub/file"));
                put(writer, link("d/sub/link", "elsewhere/link"));
            });
        }
    }

    @Test
    void directoriesGetTheirTimesAndModesInside() throws IOException {
        race(() -> {
            linkAgain();
            try (TreeWriter writer = new TreeWriter(linux, root, Optional.empty(), LIMITS)) {
                put(writer, LayerEntry.directory(EntryPath.of("d"), 0711).withMtime(new Timestamp(round, 0)));
                put(
                        writer,
                        LayerEntry.directory(EntryPath.of("d/sub"), 0700 + round % 8)
                                .withMtime(new Timestamp(round, 0))
                                .withXattrs(new TreeMap<>(Map.of("user.mark", Bytes.of("" + round)))));
                writer.finish();
            }
        });
    }

    @Test
    void whiteoutsMarkWhatIsInside() throws IOException {
        byte[] gone = "secret".getBytes(US_ASCII);
        LayerStack below = new LayerStack(Files.createDirectory(folder.resolve("below")));
        below.apply(new RecordedLayer().file("d/sub/secret", "lower"));
        try (StackedTree lower = below.tree()) {
            race(() -> {
                new TreeRemover(linux).remove(real, gone);
                try (TreeWriter writer = new TreeWriter(linux, root, Optional.of(lower), LIMITS)) {
                    put(writer, LayerEntry.whiteout(EntryPath.of("d/sub/secret")));
                    writer.finish();
                }
            });
        }
    }

    @Test
    void layersAreMergedIntoWhatIsInside() throws IOException {
        RecordedLayer content = new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0700).withMtime(new Timestamp(1, 0)))
                .add(LayerEntry.directory(EntryPath.of("d/sub"), 0700).withMtime(new Timestamp(2, 0)))
                .file("d/sub/file", "merged");
        // Each round makes a layer anew, which takes as long as ten of the others.
        race(ROUNDS / 10, () -> {
            Path layer = folder.resolve("layer" + round % 2);
            remove(folder, layer.getFileName().toString());
            TreeWriter.unpack(linux, content, Files.createDirectory(layer), Optional.empty(), LIMITS);
            linkAgain();
            TreeMerger.merge(linux, layer, root);
        });
    }

    /** A layer's directory takes the place of a link, so that there is a link to swap no more. */
    private void linkAgain() throws IOException {
        try (Fd directory = linux.open(root, OpenFlag.PATH)) {
            if (isLink(directory, LINK) || isLink(directory, DIRECTORY) || isLink(directory, LINK)) {
                return;
            }
            linux.symlinkAt(outside.toString().getBytes(UTF_8), directory, FRESH);
            linux.renameAt(directory, FRESH, directory, LINK, RenameFlag.EXCHANGE);
            new TreeRemover(linux).remove(directory, FRESH);
        }
    }

    private boolean isLink(Fd directory, byte[] name) throws IOException {
        return linux.statAt(directory, name)
                .filter(status -> status.kind() == FileKind.SYMLINK)
                .isPresent();
    }

    private void remove(Path parent, String name) throws IOException {
        try (Fd directory = linux.open(parent, OpenFlag.PATH)) {
            new TreeRemover(linux).remove(directory, name.getBytes(US_ASCII));
        }
    }

    private static LayerEntry file(String path) {
        return LayerEntry.file(EntryPath.of(path), 0644, 6)
                .withXattrs(new TreeMap<>(Map.of("user.mark", Bytes.of("marked"))));
    }

    private static LayerEntry link(String path, String target) {
        return LayerEntry.hardLink(EntryPath.of(path), EntryPath.of(target));
    }

    private static void put(TreeWriter writer, LayerEntry entry) throws IOException {
        byte[] content = entry.size() == 0 ? new byte[0] : "inside".getBytes(UTF_8);
        writer.put(entry, new ByteArrayInputStream(content));
    }
}
