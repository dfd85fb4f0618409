package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentDigestTest {
    private SourceFolder source;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        source = SourceFolder.in(folder.resolve("source")).file("d/a", "one").file("d/b", "two");
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void timesDoNotCount() throws Exception {
        Digest before = digest();
        Files.setLastModifiedTime(source.path.resolve("d/a"), FileTime.fromMillis(0));
        Files.setLastModifiedTime(source.path.resolve("d"), FileTime.fromMillis(0));

        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void contentModeNameAndPresenceEachCount() throws Exception {
        Digest before = digest();
        Files.setPosixFilePermissions(source.path.resolve("d/a"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Digest mode = digest();
        source.file("d/a", "eno");
        Digest content = digest();
        Files.move(source.path.resolve("d/a"), source.path.resolve("d/c"));
        Digest name = digest();
        source.directory("d/empty");
        Digest presence = digest();

        assertThat(List.of(before, mode, content, name, presence)).doesNotHaveDuplicates();
    }

    @Test
    void theTextOfALinkCountsAndNotWhatItPointsTo() throws Exception {
        source.link("d/l", "a");
        Digest before = digest();
        Files.delete(source.path.resolve("d/l"));
        source.link("d/l", "b");

        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void bytesThatMoveFromOneFileToTheNextCount() throws Exception {
        Digest before = digest();
        source.file("d/a", "onet").file("d/b", "wo");

        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void aFileAndADirectoryOfTheSameNameDiffer() throws Exception {
        source.file("x", "");
        Digest file = digest("/x");
        Files.delete(source.path.resolve("x"));
        source.directory("x");

        assertThat(digest("/x")).isNotEqualTo(file);
    }

    private Digest digest() throws Exception {
        return digest("/d");
    }

    private Digest digest(String path) throws Exception {
        FileHasher hasher = new FileHasher(source.tree, Optional.empty());
        return new ContentDigest(source.tree, hasher, false).of(source.scan(path));
    }
}
