package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.linux.RenameFlag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody swaps a directory for a link to the outside, again and again, while we read or write through it. */
@Timeout(1800)
class RacingSwapTest {
    /** {@code -Djbuild.swap.rounds=100000} tries longer. */
    private static final int ROUNDS = Integer.getInteger("jbuild.swap.rounds", 1000);

    private static final byte[] DIRECTORY = {'d'};
    private static final byte[] LINK = {'l'};

    @TempDir
    Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong swaps = new AtomicLong();
    private Path root;
    private Path outside;
    private Thread swapper;

    @BeforeEach
    void startSwapping() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectories(root.resolve("d/sub"));
        Files.writeString(root.resolve("d/sub/file"), "inside");
        Files.createDirectory(outside.resolve("sub"));
        Files.writeString(outside.resolve("sub/file"), "outside");
        Files.createSymbolicLink(root.resolve("l"), outside);
        swapper = Thread.ofPlatform().start(this::swap);
    }

    @AfterEach
    void stopSwapping() throws InterruptedException {
        stop.set(true);
        swapper.join();
        assertThat(swaps.get()).as("swaps while the test ran").isGreaterThan(ROUNDS);
    }

    @RepeatedTest(3)
    void whatIsReadComesFromInside() throws IOException {
        int read = 0;
        try (DirectoryTree tree = DirectoryTree.open(Linux.system(), root)) {
            for (int i = 0; i < ROUNDS || swaps.get() <= ROUNDS; i++) {
                Optional<String> content = content(tree);
                assertThat(content.orElse("inside")).isEqualTo("inside");
                read += content.isPresent() ? 1 : 0;
                // A cursor that stays in an open directory would not meet the swap.
                tree.lstat(EntryPath.of("l"));
            }
        }
        assertThat(read).as("reads that got through").isPositive();
    }

    @RepeatedTest(3)
    void whatIsWrittenLandsInside() throws IOException {
        int written = 0;
        try (TreeWriter writer = new TreeWriter(
                Linux.system(), root, Optional.empty(), LayerLimits.defaults().withMaxEntries(1 << 30))) {
            for (int i = 0; i < ROUNDS || swaps.get() <= ROUNDS; i++) {
                written += put(writer, "d/sub/new" + i) ? 1 : 0;
                put(writer, "elsewhere" + i);
            }
        }
        assertThat(written).as("writes that got through").isPositive();
        try (var entries = Files.list(outside.resolve("sub"))) {
            assertThat(entries).containsExactly(outside.resolve("sub/file"));
        }
        assertThat(outside.resolve("sub/file")).hasContent("outside");
    }

    private void swap() {
        Linux linux = Linux.system();
        try (Fd directory = linux.open(root, OpenFlag.PATH)) {
            while (!stop.get()) {
                linux.renameAt(directory, DIRECTORY, directory, LINK, RenameFlag.EXCHANGE);
                swaps.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty when the swap was in the way, which the reader notices. */
    private static Optional<String> content(DirectoryTree tree) throws IOException {
        try (InputStream content = tree.open(EntryPath.of("d/sub/file"))) {
            return Optional.of(new String(content.readAllBytes(), UTF_8));
        } catch (NoSuchFileException swapped) {
            return Optional.empty();
        } catch (LinuxException swapped) {
            assertThat(swapped.errno()).isIn(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EINVAL);
            return Optional.empty();
        }
    }

    private static boolean put(TreeWriter writer, String path) throws IOException {
        try {
            writer.put(LayerEntry.file(EntryPath.of(path), 0644, 1), new ByteArrayInputStream(new byte[] {1}));
            return true;
        } catch (RefusedLayerException swapped) {
            assertThat(swapped.entry()).isEqualTo(path);
            return false;
        } catch (LinuxException swapped) {
            assertThat(swapped.errno()).isIn(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EEXIST, Errno.EINVAL);
            return false;
        }
    }
}
