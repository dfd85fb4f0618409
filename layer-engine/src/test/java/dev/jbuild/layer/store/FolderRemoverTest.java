package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRemoverTest {
    private static final Linux LINUX = Linux.system();

    @TempDir
    Path folder;

    private final FolderRemover remover = new FolderRemover(LINUX);

    @Test
    void removesTreesAndCountsTheirBytes() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/a/b"));
        Files.write(tree.resolve("file"), new byte[1000]);
        Files.write(folder.resolve("tree/file"), new byte[24]);

        assertThat(remover.remove(folder.resolve("tree"))).isEqualTo(1024);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void removingNothingIsNoError() throws Exception {
        assertThat(remover.remove(folder.resolve("absent"))).isZero();
    }

    @Test
    void neverFollowsALink() throws Exception {
        Path kept = Files.createDirectories(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Files.createDirectories(folder.resolve("tree/d"));
        Files.createSymbolicLink(folder.resolve("tree/link"), kept);
        Files.createSymbolicLink(folder.resolve("tree/d/link"), Path.of("../../kept"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), kept);

        remover.remove(folder.resolve("tree"));
        remover.remove(link);

        assertThat(kept.resolve("file")).exists();
        assertThat(folder).isDirectoryNotContaining("glob:**/link");
    }

    @Test
    void removesDirectoriesThatDenyTheirOwner() throws Exception {
        Path locked = Files.createDirectories(folder.resolve("tree/locked/below"));
        Files.writeString(locked.resolve("file"), "x");
        for (Path directory : new Path[] {locked, folder.resolve("tree/locked"), folder.resolve("tree")}) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
        }

        remover.remove(folder.resolve("tree"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void removesTreesDeeperThanAnyPathMayBe() throws Exception {
        byte[] name = "d".repeat(200).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Files.createDirectory(folder.resolve("tree"));
        Fd at = LINUX.open(folder.resolve("tree"), OpenFlag.READ, OpenFlag.DIRECTORY);
        for (int i = 0; i < 3000; i++) {
            LINUX.makeDirectoryAt(at, name, 0755);
            Fd below = LINUX.openAt(at, name, 0, OpenFlag.READ, OpenFlag.DIRECTORY);
            at.close();
            at = below;
        }
        at.close();

        remover.remove(folder.resolve("tree"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void isNotMisledByNamesLikeItsOwn() throws Exception {
        Files.createDirectories(folder.resolve("tree/.removing-0/.removing-1/.removing-0"));
        Files.createDirectories(folder.resolve("tree/x/.removing-0"));
        Files.writeString(folder.resolve("tree/.removing-1"), "x");

        remover.remove(folder.resolve("tree"));

        assertThat(folder).isEmptyDirectory();
    }
}
