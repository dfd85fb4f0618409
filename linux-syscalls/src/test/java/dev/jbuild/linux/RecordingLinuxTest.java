package dev.jbuild.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root's own files stand for those of who has one id. */
@Tag("root")
class RecordingLinuxTest {
    private final Linux linux = Linux.recordingOwners();

    @TempDir
    Path directory;

    private Fd open;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root, to whom files are given back");
        open = linux.open(directory, OpenFlag.PATH, OpenFlag.DIRECTORY);
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private String owner(String name) throws IOException {
        FileStat stat = linux.statAt(open, name(name)).orElseThrow();
        return stat.uid() + ":" + stat.gid();
    }

    private String kernelsOwner(String name) throws IOException {
        FileStat stat = Linux.system().statAt(open, name(name)).orElseThrow();
        return stat.uid() + ":" + stat.gid();
    }

    @Test
    void aFileHasTheRecordedOwnerByNameAndByDescriptor() throws IOException {
        Files.writeString(directory.resolve("f"), "x");
        try (Fd file = linux.openAt(open, name("f"), 0, OpenFlag.WRITE)) {
            linux.chown(file, 33, 34);
            assertThat(linux.stat(file).uid()).isEqualTo(33);
        }
        assertThat(owner("f")).isEqualTo("33:34");
        assertThat(kernelsOwner("f")).isEqualTo("0:0");
    }

    @Test
    void aFileThatIsGivenBackHasNoRecord() throws IOException {
        Files.writeString(directory.resolve("f"), "x");
        linux.chownAt(open, name("f"), 33, 34);
        linux.chownAt(open, name("f"), 0, 0);
        assertThat(linux.listXattrsAt(open, name("f"))).isEmpty();
        assertThat(owner("f")).isEqualTo("0:0");
    }

    @Test
    void aLinkHasAnOwnerThatItsTargetHasNot() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        linux.symlinkAt(name("x"), open, name("d/link"));
        linux.chownAt(open, name("d/link"), 33, 34);
        assertThat(owner("d/link")).isEqualTo("33:34");
        assertThat(owner("d")).isEqualTo("0:0");
    }

    @Test
    void aLinkKeepsItsOwnerWhereItGoes() throws IOException {
        for (String name : List.of("from", "to", "more")) {
            Files.createDirectory(directory.resolve(name));
        }
        linux.symlinkAt(name("x"), open, name("from/link"));
        linux.chownAt(open, name("from/link"), 33, 34);
        linux.makeNodeAt(open, name("from/fifo"), FileKind.FIFO, 0600, 0, 0);
        linux.chownAt(open, name("from/fifo"), 35, 36);

        linux.linkAt(open, name("from/link"), open, name("more/link"));
        linux.renameAt(open, name("from/link"), open, name("to/link"));
        linux.renameAt(open, name("from/fifo"), open, name("to/fifo"));
        assertThat(owner("more/link")).isEqualTo("33:34");
        assertThat(owner("to/link")).isEqualTo("33:34");
        assertThat(owner("to/fifo")).isEqualTo("35:36");

        linux.renameAt(open, name("more/link"), open, name("to/fifo"), RenameFlag.EXCHANGE);
        assertThat(owner("more/link")).isEqualTo("35:36");
        assertThat(owner("to/fifo")).isEqualTo("33:34");
    }

    @Test
    void aDirectoryKeepsTheOwnersOfHundredsOfLinks() throws IOException {
        for (int i = 0; i < 400; i++) {
            linux.symlinkAt(name("x"), open, name("a-link-with-a-long-name-" + i));
            linux.chownAt(open, name("a-link-with-a-long-name-" + i), 1000, 1000);
        }
        assertThat(owner("a-link-with-a-long-name-0")).isEqualTo("1000:1000");
        assertThat(owner("a-link-with-a-long-name-399")).isEqualTo("1000:1000");
    }

    @Test
    void aLaterLinkOfTheNameIsNotItsOwners() throws IOException {
        linux.symlinkAt(name("x"), open, name("link"));
        linux.chownAt(open, name("link"), 33, 34);
        linux.symlinkAt(name("y"), open, name("other"));
        linux.renameAt(open, name("other"), open, name("link"));
        assertThat(owner("link")).isEqualTo("0:0");
    }

    @Test
    void aLaterLinkWithTheInodeNumberOfAnEarlierIsNotItsOwners() throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            linux.symlinkAt(name("x"), open, name("link"));
            linux.chownAt(open, name("link"), 33, 34);
            long inode = linux.statAt(open, name("link")).orElseThrow().inode();
            Files.delete(directory.resolve("link"));
            // The time of birth is as exact as the kernel's tick: at most 10 milliseconds.
            Thread.sleep(20);
            linux.symlinkAt(name("y"), open, name("link"));
            if (linux.statAt(open, name("link")).orElseThrow().inode() == inode) {
                assertThat(owner("link")).isEqualTo("0:0");
                return;
            }
            Files.delete(directory.resolve("link"));
        }
        Assumptions.abort("this filesystem does not use the number of a removed file again");
    }
}
