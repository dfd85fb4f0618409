package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DirectoryTreeTest {
    @TempDir
    Path folder;

    private Path root;
    private DirectoryTree tree;

    @BeforeEach
    void openTree() throws IOException {
        Files.writeString(folder.resolve("secret"), "outside");
        root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("usr/lib"));
        Files.writeString(root.resolve("usr/lib/x"), "inside");
        link("lib", "usr/lib");
        link("abs", "/usr/lib");
        link("climb", "../../../usr/lib");
        link("usr/lib/up", "../../secret");
        link("out", "../secret");
        link("twice", "lib/x");
        link("loop", "loop");
        link("dangling", "usr/nowhere");
        link("trailing", "usr/lib/");
        link("dotted", "./usr/./lib/../lib/x");
        tree = DirectoryTree.open(Linux.system(), root);
    }

    @AfterEach
    void closeTree() {
        tree.close();
    }

    @ParameterizedTest
    @CsvSource({
        "usr/lib/x, usr/lib/x",
        "lib/x, usr/lib/x",
        "abs/x, usr/lib/x",
        "climb/x, usr/lib/x",
        "twice, usr/lib/x",
        "dotted, usr/lib/x",
        "trailing/x, usr/lib/x",
        "lib, usr/lib",
        "'', ''",
    })
    void linksAreResolvedInsideTheRoot(String path, String real) throws IOException {
        assertThat(tree.realPath(EntryPath.of(path), true)).contains(EntryPath.of(real));
        assertThat(tree.stat(EntryPath.of(path))).isEqualTo(tree.lstat(EntryPath.of(real)));
    }

    @ParameterizedTest
    @CsvSource({"out", "usr/lib/up", "lib/up", "dangling", "usr/lib/x/y", "absent", "absent/x", "lib/absent"})
    void whatIsOutsideOrMissingIsNotThere(String path) throws IOException {
        assertThat(tree.realPath(EntryPath.of(path), true)).isEmpty();
        assertThat(tree.stat(EntryPath.of(path))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"lib, lib", "lib/up, usr/lib/up", "abs/up, usr/lib/up", "dangling, dangling", "loop, loop"})
    void theLastLinkIsKeptOnDemand(String path, String real) throws IOException {
        assertThat(tree.realPath(EntryPath.of(path), false)).contains(EntryPath.of(real));
        assertThat(tree.lstat(EntryPath.of(path)).orElseThrow().isLink()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "lib/new/file, usr/lib/new/file",
        "absent/x, absent/x",
        "dangling, usr/nowhere",
        "dangling/x, usr/nowhere/x",
        "out, secret",
        "abs, usr/lib",
    })
    void aFileLandsWhereItsLinksLead(String path, String landing) throws IOException {
        assertThat(tree.landing(EntryPath.of(path), true)).isEqualTo(EntryPath.of(landing));
    }

    @Test
    void theAttributesOfTheHostsFilesStayThere() throws IOException {
        Path file = Files.writeString(root.resolve("noted"), "");
        Files.setAttribute(file, "user:xdg.origin.url", UTF_8.encode("where it came from"));

        EntryPath noted = EntryPath.of("noted");
        assertThat(tree.xattrs(noted)).containsOnlyKeys("user.xdg.origin.url");
        try (DirectoryTree ofHost = DirectoryTree.openOfHost(Linux.system(), root)) {
            assertThat(ofHost.xattrs(noted)).isEmpty();
        }
    }

    @Test
    void anEmptyFileOfTheHostIsThereWhateverItsAttributesSay() throws IOException {
        Path file = Files.createFile(root.resolve("usr/empty"));
        Files.setAttribute(file, "user:overlay.whiteout", UTF_8.encode("y"));

        try (DirectoryTree ofHost = DirectoryTree.openOfHost(Linux.system(), root)) {
            assertThat(ofHost.lstat(EntryPath.of("usr/empty")).orElseThrow().isFile())
                    .isTrue();
        }
    }

    @Test
    @Tag("root")
    void filesOfTheHostThatTheUserMayNotReadAreListed() throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("needs root to give files away and to drop its capabilities")
                .isZero();
        Path folder = Files.createDirectory(root.resolve("context"));
        for (Path secret : List.of(
                Files.createFile(folder.resolve("lock")),
                Files.writeString(folder.resolve("secret"), "x"),
                Files.createDirectory(folder.resolve("directory")))) {
            Files.setPosixFilePermissions(secret, Set.of());
            Files.setAttribute(secret, "unix:uid", 1234);
        }
        Process child = JavaProcess.withoutPrivilege(UnprivilegedListing.class, folder.toString())
                .start();
        String said = new String(child.getInputStream().readAllBytes(), UTF_8);
        List<String> expected = List.of("directory of 1234", "lock of 1234", "secret of 1234");
        assertThat(said.lines())
                .containsExactlyElementsOf(
                        Stream.of(expected, expected).flatMap(List::stream).toList());
    }

    @Test
    void nothingLandsBelowAFile() {
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> tree.landing(EntryPath.of("lib/x/y"), true))
                .withMessage("usr/lib/x");
    }

    @Test
    void linksWithoutEndAreAnError() {
        assertThatExceptionOfType(LinkLoopException.class)
                .isThrownBy(() -> tree.stat(EntryPath.of("loop")))
                .withMessageContaining("more than 40");
        assertThatExceptionOfType(LinkLoopException.class).isThrownBy(() -> tree.landing(EntryPath.of("loop/x"), true));
    }

    @Test
    void contentIsReadThroughLinkedParents() throws IOException {
        try (InputStream content = tree.open(EntryPath.of("abs/x"))) {
            assertThat(content.readAllBytes()).isEqualTo("inside".getBytes(UTF_8));
        }
        assertThat(tree.readLink(EntryPath.of("lib/up"))).isEqualTo(Bytes.of("../../secret"));
    }

    @Test
    void onlyRegularFilesAreOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
        for (String path : List.of("fifo", "lib", "usr", "out")) {
            assertThatExceptionOfType(FileSystemException.class)
                    .as(path)
                    .isThrownBy(() -> tree.open(EntryPath.of(path)))
                    .withMessageContaining("not a regular file");
        }
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> tree.open(EntryPath.of("absent")));
    }

    @Test
    void childrenComeSortedByBytesWithWhatTheyAre() throws IOException {
        for (String name : List.of("b", "a-b", "Z", "é")) {
            Files.writeString(root.resolve("usr").resolve(name), "");
        }
        List<FileTree.Child> children = tree.list(EntryPath.of("usr"));
        assertThat(children.stream().map(child -> child.name().toString()))
                .containsExactly("Z", "a-b", "b", "lib", "é");
        assertThat(children.get(3).status().isDirectory()).isTrue();
    }

    @Test
    void onlyDirectoriesAreListed() {
        assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> tree.list(EntryPath.of("usr/lib/x")));
        assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> tree.list(EntryPath.of("lib")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> tree.list(EntryPath.of("absent")));
    }

    @Test
    void aStatusTellsWhatAnIndexOfDigestsNeeds() throws IOException {
        Path file = root.resolve("usr/lib/x");
        FileStatus before = tree.stat(EntryPath.of("lib/x")).orElseThrow();
        assertThat(before.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
        assertThat(before.size()).isEqualTo(6);
        FileTime time = Files.getLastModifiedTime(file);
        Instant instant = time.toInstant();
        assertThat(before.mtime()).isEqualTo(new Timestamp(instant.getEpochSecond(), instant.getNano()));
        Files.writeString(file, "INSIDE");
        Files.setLastModifiedTime(file, time);
        FileStatus after = tree.stat(EntryPath.of("lib/x")).orElseThrow();
        assertThat(after.mtime()).isEqualTo(before.mtime());
        assertThat(after.ctime()).isGreaterThan(before.ctime());
        assertThat(after.device()).isEqualTo(before.device());
    }

    @Test
    void tooLongANameIsNotThere() throws IOException {
        assertThat(tree.stat(EntryPath.of("x".repeat(300)))).isEmpty();
    }

    @Test
    void aWalkOpensEachDirectoryOnceAndNoFile() throws IOException {
        for (int i = 0; i < 20; i++) {
            Path directory = Files.createDirectories(root.resolve("src/" + i % 4 + "/" + i));
            for (int j = 0; j < 100; j++) {
                Files.createFile(directory.resolve("file" + j));
            }
        }
        AtomicInteger opened = new AtomicInteger();
        try (DirectoryTree counted = DirectoryTree.open(counting("openAt", opened), root)) {
            assertThat(count(counted)).isGreaterThan(2_000);
        }
        // Twice for each of some 30 directories, to go through it and to list it, and again on the way back up.
        assertThat(opened.get()).isLessThan(120);
    }

    /** This machine's kernel, with the calls of one name counted. */
    private static Linux counting(String call, AtomicInteger count) {
        InvocationHandler handler = (_, method, arguments) -> {
            if (method.getName().equals(call)) {
                count.incrementAndGet();
            }
            return method.invoke(Linux.system(), arguments);
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    private static int count(FileTree tree) throws IOException {
        int count = 0;
        Deque<EntryPath> rest = new ArrayDeque<>(List.of(EntryPath.ROOT));
        while (!rest.isEmpty()) {
            EntryPath directory = rest.pop();
            for (FileTree.Child child : tree.list(directory)) {
                count++;
                if (child.status().isDirectory()) {
                    rest.push(directory.resolve(child.name()));
                }
            }
        }
        return count;
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }
}
