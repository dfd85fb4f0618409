package dev.jbuild.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemLinuxTest {
    private final Linux linux = Linux.system();

    @TempDir
    Path folder;

    private Fd root;

    @BeforeEach
    void openRoot() throws IOException {
        root = linux.open(folder, OpenFlag.READ, OpenFlag.DIRECTORY);
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    @Test
    void aFileCreatedByItsPathIsItsUsersAlone() throws IOException {
        try (Fd file = linux.open(folder.resolve("new"), OpenFlag.WRITE, OpenFlag.CREATE)) {
            assertThat(linux.stat(file).mode()).isEqualTo(0600);
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        byte[] content = "x".repeat(300_000).getBytes(UTF_8);
        try (Fd file = create("f")) {
            linux.write(file, content, 0, content.length);
        }
        try (var stream = new FdInputStream(linux, linux.openAt(root, name("f"), 0, OpenFlag.READ))) {
            assertThat(stream.readAllBytes()).isEqualTo(content);
        }
        assertThat(Files.readAllBytes(folder.resolve("f"))).isEqualTo(content);
    }

    @Test
    void whatIsWrittenIntoAPipeComesOutOfIt() throws IOException {
        Pipe pipe = linux.pipe();
        try (var reader = new FdInputStream(linux, pipe.reading())) {
            var writer = new FdOutputStream(linux, pipe.writing());
            writer.write('a');
            writer.write(name("bc"));
            writer.close();
            assertThat(reader.readAllBytes()).isEqualTo(name("abc"));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> writer.write('d'))
                    .withMessage("a pipe is closed");
        }
    }

    @Test
    void aPipeThatNobodyReadsRefusesToBeWritten() throws IOException {
        Pipe pipe = linux.pipe();
        pipe.reading().close();
        try (var writer = new FdOutputStream(linux, pipe.writing())) {
            refusal(() -> writer.write('a'), Errno.EPIPE);
        }
    }

    @Test
    void descriptorsGoThroughSocketsOnly() throws IOException {
        try (Pipe pipe = linux.pipe()) {
            refusal(() -> linux.sendDescriptors(pipe.writing(), root), Errno.ENOTSOCK);
        }
    }

    @Test
    void whatIsWrittenBackMeanwhileIsStillThere() throws Exception {
        try (Fd file = linux.open(folder.resolve("file"), OpenFlag.WRITE, OpenFlag.CREATE)) {
            linux.write(file, "content".getBytes(UTF_8), 0, 7);
            assertThat(Writeback.start(file, 0, 7)).isTrue();
            assertThat(Writeback.start(file, 0, -1)).isFalse();
            linux.sync(file);
        }
        assertThat(folder.resolve("file")).hasContent("content");
    }

    @Test
    void aDescriptorThatWasTakenIsTheTakersToClose() throws IOException {
        Fd file = create("f");
        try (Fd taken = file.take()) {
            file.close();
            linux.write(taken, name("x"), 0, 1);
        }
        assertThatIllegalStateException().isThrownBy(file::take);
        assertThat(folder.resolve("f")).hasContent("x");
    }

    @Test
    void writingAtAPositionLeavesAHole() throws IOException {
        try (Fd file = create("sparse")) {
            linux.writeAt(file, 1L << 32, new byte[] {7}, 0, 1);
            linux.truncate(file, 1L << 33);
            assertThat(linux.stat(file).size()).isEqualTo(1L << 33);
        }
    }

    @Test
    void statTellsWhatTheJdkTells() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "12345");
        Files.createLink(folder.resolve("g"), file);
        FileStat stat = linux.statAt(root, name("f")).orElseThrow();
        assertThat(stat.kind()).isEqualTo(FileKind.FILE);
        assertThat(stat.size()).isEqualTo(5);
        assertThat(stat.links()).isEqualTo(2);
        assertThat(stat.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
        assertThat(stat.mode() | 0100000).isEqualTo(Files.getAttribute(file, "unix:mode"));
        assertThat(stat.uid()).isEqualTo(linux.effectiveUid());
        var modified = Files.getLastModifiedTime(file).toInstant();
        assertThat(stat.mtimeSeconds()).isEqualTo(modified.getEpochSecond());
        assertThat(stat.mtimeNanos()).isEqualTo(modified.getNano());
        var changed = ((java.nio.file.attribute.FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
        assertThat(stat.ctimeSeconds()).isEqualTo(changed.getEpochSecond());
        assertThat(stat.ctimeNanos()).isEqualTo(changed.getNano());
    }

    @Test
    void statOfALinkTellsOfTheLink() throws IOException {
        linux.symlinkAt(name("/etc/passwd"), root, name("l"));
        assertThat(linux.statAt(root, name("l")).orElseThrow().kind()).isEqualTo(FileKind.SYMLINK);
        assertThat(linux.readLinkAt(root, name("l"))).isEqualTo(name("/etc/passwd"));
    }

    @Test
    void absenceIsNoError() throws IOException {
        assertThat(linux.statAt(root, name("absent"))).isEmpty();
    }

    @Test
    void aRefusalNamesCallErrorAndPath() {
        refusal(() -> linux.openAt(root, name("no\nsuch"), 0, OpenFlag.READ), Errno.ENOENT)
                .withMessage(folder + "/no?such: no such file or directory (openat: ENOENT)");
    }

    @Test
    void namesAreBytes() throws IOException {
        byte[] latin = {'a', (byte) 0xe9};
        byte[] invalid = {'a', (byte) 0xff};
        linux.makeDirectoryAt(root, latin, 0755);
        linux.makeDirectoryAt(root, invalid, 0755);
        assertThat(linux.list(root)).containsExactlyInAnyOrder(latin, invalid);
    }

    @Test
    void aPathWithANulOrTooLongIsRefused() {
        refusal(() -> linux.statAt(root, new byte[] {'a', 0, 'b'}), Errno.EINVAL);
        refusal(() -> linux.statAt(root, new byte[5000]), Errno.ENAMETOOLONG);
    }

    @Test
    void manyEntriesAreAllListed() throws IOException {
        for (int i = 0; i < 5000; i++) {
            linux.makeNodeAt(root, name("a-rather-long-name-to-fill-the-buffer-" + i), FileKind.FIFO, 0600, 0, 0);
        }
        assertThat(linux.list(root)).hasSize(5000);
    }

    @Test
    void openingInARootKeepsLinksInside() throws IOException {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/passwd"), "inside");
        Files.createSymbolicLink(folder.resolve("absolute"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(folder.resolve("climbing"), Path.of("../../../../etc/passwd"));
        for (String link : new String[] {"absolute", "climbing"}) {
            try (var stream = new FdInputStream(linux, linux.openInRoot(root, name(link), 0, OpenFlag.READ))) {
                assertThat(stream.readAllBytes()).isEqualTo(name("inside"));
            }
            refusal(() -> linux.openWithoutLinks(root, name(link), 0, OpenFlag.READ), Errno.ELOOP);
        }
        refusal(() -> linux.openWithoutLinks(root, name("../x"), 0, OpenFlag.READ), Errno.EXDEV);
    }

    @Test
    void linksBeneathARootAreFollowedUnlessTheyLeadOut() throws IOException {
        Files.writeString(folder.resolve("inside"), "inside");
        Files.createSymbolicLink(folder.resolve("near"), Path.of("inside"));
        Files.createSymbolicLink(folder.resolve("outside"), Path.of("../outside"));
        Files.createSymbolicLink(
                folder.resolve("absolute"), folder.resolve("inside").toAbsolutePath());

        try (var stream = new FdInputStream(linux, linux.openBeneath(root, name("near"), 0, OpenFlag.READ))) {
            assertThat(stream.readAllBytes()).isEqualTo(name("inside"));
        }
        for (String path : new String[] {"outside", "absolute", "..", "../" + folder.getFileName() + "/inside"}) {
            refusal(() -> linux.openBeneath(root, name(path), 0, OpenFlag.READ), Errno.EXDEV);
        }
    }

    @Test
    void magicLinksAreNotFollowed() throws IOException {
        try (Fd proc = linux.open(Path.of("/proc/self"), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            refusal(() -> linux.openInRoot(proc, name("exe"), 0, OpenFlag.READ), Errno.ELOOP);
        }
    }

    @Test
    void aHardLinkIsMadeToTheLinkItself() throws IOException {
        Files.writeString(folder.resolve("target"), "");
        linux.symlinkAt(name("target"), root, name("soft"));
        linux.linkAt(root, name("soft"), root, name("hard"));
        assertThat(linux.statAt(root, name("hard")).orElseThrow().kind()).isEqualTo(FileKind.SYMLINK);
    }

    @Test
    void modesAndTimesAreSetOnWhatIsOpen() throws IOException {
        linux.makeNodeAt(root, name("fifo"), FileKind.FIFO, 0600, 0, 0);
        try (Fd fifo = linux.openAt(root, name("fifo"), 0, OpenFlag.PATH, OpenFlag.NO_FOLLOW)) {
            linux.chmod(fifo, 06755);
            assertThat(linux.stat(fifo).mode()).isEqualTo(06755);
        }
        try (Fd file = create("f")) {
            linux.chmod(file, 01777);
            linux.setMtime(file, -5, 999_999_999);
            FileStat stat = linux.stat(file);
            assertThat(stat.mode()).isEqualTo(01777);
            assertThat(stat.mtimeSeconds()).isEqualTo(-5);
            assertThat(stat.mtimeNanos()).isEqualTo(999_999_999);
        }
    }

    @Test
    void theTimeOfALinkIsItsOwn() throws IOException {
        linux.symlinkAt(name("nowhere"), root, name("l"));
        linux.setMtimeAt(root, name("l"), 1_000_000_000, 5);
        FileStat stat = linux.statAt(root, name("l")).orElseThrow();
        assertThat(stat.mtimeSeconds()).isEqualTo(1_000_000_000);
        assertThat(stat.mtimeNanos()).isEqualTo(5);
    }

    @Test
    void anyUserMakesWhiteouts() throws IOException {
        linux.makeNodeAt(root, name("gone"), FileKind.CHAR_DEVICE, 0, 0, 0);
        assertThat(linux.statAt(root, name("gone")).orElseThrow().isWhiteout()).isTrue();
    }

    @Test
    void renamingCanRefuseToReplaceAndCanExchange() throws IOException {
        Files.writeString(folder.resolve("a"), "a");
        Files.writeString(folder.resolve("b"), "b");
        refusal(() -> linux.renameAt(root, name("a"), root, name("b"), RenameFlag.NO_REPLACE), Errno.EEXIST);
        linux.renameAt(root, name("a"), root, name("b"), RenameFlag.EXCHANGE);
        assertThat(folder.resolve("a")).hasContent("b");
        linux.renameAt(root, name("a"), root, name("b"));
        assertThat(folder.resolve("b")).hasContent("b");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void unlinkingTakesFilesAndRemovingTakesDirectories() throws IOException {
        linux.makeDirectoryAt(root, name("d"), 0755);
        create("f").close();
        refusal(() -> linux.unlinkAt(root, name("d")), Errno.EISDIR);
        refusal(() -> linux.removeDirectoryAt(root, name("f")), Errno.ENOTDIR);
        linux.removeDirectoryAt(root, name("d"));
        linux.unlinkAt(root, name("f"));
        assertThat(linux.list(root)).isEmpty();
    }

    @Test
    void extendedAttributesComeBack() throws IOException {
        create("f").close();
        linux.setXattrAt(root, name("f"), "user.a", new byte[] {1, 0, 2});
        linux.setXattrAt(root, name(""), "user.b", new byte[0]);
        assertThat(linux.xattrAt(root, name("f"), "user.a")).hasValue(new byte[] {1, 0, 2});
        assertThat(linux.xattrAt(root, name(""), "user.b")).hasValue(new byte[0]);
        assertThat(linux.listXattrsAt(root, name("f"))).contains("user.a");
        linux.removeXattrAt(root, name("f"), "user.a");
        assertThat(linux.xattrAt(root, name("f"), "user.a")).isEqualTo(Optional.empty());
        assertThat(linux.listXattrsAt(root, name("f"))).doesNotContain("user.a");
    }

    @Test
    void extendedAttributesOfALinkAreItsOwn() throws IOException {
        create("f").close();
        linux.setXattrAt(root, name("f"), "user.a", new byte[] {1});
        linux.symlinkAt(name("f"), root, name("l"));
        assertThat(linux.xattrAt(root, name("l"), "user.a")).isEmpty();
        refusal(() -> linux.setXattrAt(root, name("l"), "user.a", new byte[] {1}), Errno.EPERM);
    }

    @Test
    void contentIsCopiedWithinTheKernel() throws IOException {
        Files.writeString(folder.resolve("from"), "0123456789");
        try (Fd from = linux.openAt(root, name("from"), 0, OpenFlag.READ);
                Fd to = create("to")) {
            assertThat(linux.copyRange(from, to, 4)).isEqualTo(4);
            assertThat(linux.sendFile(from, to, 100)).isEqualTo(6);
            assertThat(linux.sendFile(from, to, 100)).isZero();
            linux.sync(to);
            linux.syncFileSystem(to);
        }
        assertThat(folder.resolve("to")).hasContent("0123456789");
    }

    @Test
    void aLockIsHeldAgainstOtherOpeningsUntilItsOwnCloses() throws IOException {
        Fd mine = create("lock");
        try (Fd other = linux.openAt(root, name("lock"), 0, OpenFlag.READ_WRITE)) {
            assertThat(linux.tryLock(mine, LockMode.SHARED)).isTrue();
            assertThat(linux.tryLock(other, LockMode.SHARED)).isTrue();
            assertThat(linux.tryLock(mine, LockMode.EXCLUSIVE)).isFalse();
            linux.unlock(other);
            linux.lock(mine, LockMode.EXCLUSIVE);
            assertThat(linux.tryLock(other, LockMode.SHARED)).isFalse();
            mine.close();
            assertThat(linux.tryLock(other, LockMode.EXCLUSIVE)).isTrue();
        }
    }

    @Test
    void aClosedDescriptorIsNotUsedAgain() throws IOException {
        Fd file = create("f");
        file.close();
        file.close();
        assertThatIllegalStateException().isThrownBy(() -> linux.stat(file)).withMessageContaining("is closed");
    }

    @Test
    void unnamedFilesLeaveNoName() throws IOException {
        try (Fd file = linux.openAt(root, name("."), 0600, OpenFlag.TEMPORARY, OpenFlag.WRITE)) {
            linux.write(file, new byte[] {1}, 0, 1);
            assertThat(linux.stat(file).links()).isZero();
        }
        assertThat(linux.list(root)).isEmpty();
    }

    @Test
    void spaceIsCounted() throws IOException {
        assertThat(linux.space(root).availableBytes()).isPositive();
    }

    @Test
    void descriptorsAreNotInherited() throws Exception {
        try (Fd file = create("f")) {
            Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
            String listing = new String(child.getInputStream().readAllBytes(), UTF_8);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(listing).contains("/proc/").doesNotContain(file.path());
        }
    }

    @Test
    @Tag("root")
    void rootMakesDevicesAndGivesFilesAway() throws IOException {
        assumeThat(linux.effectiveUid()).as("needs root to make devices").isZero();
        linux.makeNodeAt(root, name("null"), FileKind.CHAR_DEVICE, 0666, 1, 3);
        linux.makeNodeAt(root, name("big"), FileKind.BLOCK_DEVICE, 0600, 4000, 0xabcde);
        FileStat big = linux.statAt(root, name("big")).orElseThrow();
        assertThat(big.deviceMajor()).isEqualTo(4000);
        assertThat(big.deviceMinor()).isEqualTo(0xabcde);
        assertThat(linux.statAt(root, name("null")).orElseThrow().isWhiteout()).isFalse();
        linux.symlinkAt(name("nowhere"), root, name("l"));
        linux.chownAt(root, name("l"), 4_294_967_294L, 7);
        try (Fd file = create("f")) {
            linux.chown(file, 1000, 4_294_967_294L);
            assertThat(linux.stat(file).gid()).isEqualTo(4_294_967_294L);
        }
        assertThat(linux.statAt(root, name("l")).orElseThrow().uid()).isEqualTo(4_294_967_294L);
        assertThat(Files.getAttribute(folder.resolve("l"), "unix:gid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(7);
    }

    private Fd create(String name) throws IOException {
        return linux.openAt(root, name(name), 0644, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.READ_WRITE);
    }

    private static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<LinuxException> refusal(
            ThrowingCallable call, int errno) {
        return assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(Errno.name(errno)));
    }
}
