package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link RacingSwapTest} leaves to luck: a tree is changed between the very call that looks and the one that acts. A canary outside must
 * neither be read nor removed.
 */
class SwapAtTheWorstMomentTest {
    @TempDir
    Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void makeTrees() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(outside.resolve("canary" + i), "alive");
        }
    }

    @AfterEach
    void theCanariesLive() throws IOException {
        try (var canaries = Files.list(outside)) {
            assertThat(canaries.filter(path -> path.getFileName().toString().startsWith("canary")))
                    .hasSize(20);
        }
    }

    @Test
    void aFileThatBecomesALinkOnceItWasLookedAtIsNotRead() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "inside");
        Linux linux = before("openAt", "file", () -> replaceByLink(file, outside.resolve("canary0")));

        try (DirectoryTree tree = DirectoryTree.open(linux, root)) {
            assertThatExceptionOfType(LinuxException.class)
                    .isThrownBy(() -> tree.open(EntryPath.of("file")).close())
                    .matches(e -> e.errno() == Errno.ELOOP);
        }
        assertThat(Files.isSymbolicLink(file)).as("the swap came in time").isTrue();
    }

    @Test
    void aDirectoryThatBecomesALinkOnceItIsToBeEmptiedIsNotEntered() throws IOException {
        Path directory = Files.createDirectory(root.resolve("d"));
        Linux linux = before("openAt", "d", () -> replaceByLink(directory, outside));

        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> remove(linux, "d"))
                .matches(e -> e.errno() == Errno.ENOTDIR);
        assertThat(Files.isSymbolicLink(directory)).as("the swap came in time").isTrue();
    }

    /** Deeper than the remover keeps directories open: it must come back up by the kernel's own link. */
    @Test
    void aDirectoryThatIsMovedAwayWhileItIsEmptiedDoesNotLeadOut() throws IOException {
        Path deep = root;
        for (int i = 0; i < 70; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
            for (int k = 0; k < 20; k++) {
                Files.createFile(deep.resolve("canary" + k));
            }
        }
        Path moved = root.resolve("d/d/d/d/d/d");
        Linux linux = before("openAt", "..", () -> Files.move(moved, outside.resolve("d")));

        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> remove(linux, "d"))
                .matches(e -> e.errno() == Errno.EXDEV);
        assertThat(outside.resolve("d")).as("the move came in time").exists();
    }

    @Test
    void anotherFileSystemThatIsMountedInATreeIsNotEmptied() throws IOException {
        Path mounted = Files.createDirectories(root.resolve("d/mounted"));
        Path file = Files.writeString(mounted.resolve("file"), "of another file system");
        Linux linux = linux((_, method, arguments) -> {
            Object result = called(method, arguments);
            return method.getName().equals("stat") && ofMounted(arguments[0])
                    ? Stats.onAnotherDevice((FileStat) result)
                    : result;
        });

        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> remove(linux, "d"))
                .matches(e -> e.errno() == Errno.EXDEV);
        assertThat(file).exists();
    }

    private static boolean ofMounted(Object fd) {
        return ((Fd) fd).path().endsWith("mounted");
    }

    private void remove(Linux linux, String name) throws IOException {
        try (Fd parent = linux.open(root, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            new TreeRemover(linux).remove(parent, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void replaceByLink(Path file, Path target) throws IOException {
        Files.move(file, folder.resolve("away"));
        Files.createSymbolicLink(file, target);
    }

    @FunctionalInterface
    private interface Change {
        void run() throws IOException;
    }

    /** The kernel, but before the first call of that name on that entry something happens. */
    private static Linux before(String call, String entry, Change change) {
        byte[] wanted = entry.getBytes(StandardCharsets.US_ASCII);
        AtomicBoolean done = new AtomicBoolean();
        return linux((_, method, arguments) -> {
            boolean isIt = method.getName().equals(call) && Arrays.equals((byte[]) arguments[1], wanted);
            if (isIt && done.compareAndSet(false, true)) {
                change.run();
            }
            return called(method, arguments);
        });
    }

    private static Object called(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(Linux.system(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Linux linux(InvocationHandler handler) {
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }
}
