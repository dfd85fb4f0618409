package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeComparisonTest {
    @TempDir
    Path folder;

    private Path made;
    private Path kept;

    @BeforeEach
    void unpackTwice() throws IOException {
        RecordedLayer layer = new RecordedLayer()
                .file("a", "content")
                .file("d/b", "content")
                .symlink("d/link", "b")
                .hardLink("d/same", "d/b");
        made = unpack("made", layer);
        kept = unpack("kept", layer);
    }

    @Test
    void treesOfOneLayerAreTheSame() throws IOException {
        assertThat(difference()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 55})
    void aFlippedBitOfAFileIsFoundThoughNothingElseTells(int bit) throws IOException {
        Path file = kept.resolve("d/b");
        FileTime time = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        content[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, content);
        Files.setLastModifiedTime(file, time);

        assertThat(difference()).contains(EntryPath.of("d/b"));
    }

    @Test
    void aLinkThatLeadsElsewhereIsFound() throws IOException {
        Files.delete(kept.resolve("d/link"));
        Files.createSymbolicLink(kept.resolve("d/link"), Path.of("c"));

        assertThat(difference()).contains(EntryPath.of("d/link"));
    }

    @Test
    void whatIsGoneIsFound() throws IOException {
        Files.delete(kept.resolve("a"));

        assertThat(difference()).contains(EntryPath.of("a"));
    }

    @Test
    void namesThatAreOneFileNoMoreAreFound() throws IOException {
        FileTime time = Files.getLastModifiedTime(kept.resolve("d/same"));
        Files.delete(kept.resolve("d/same"));
        Files.copy(kept.resolve("d/b"), kept.resolve("d/same"));
        Files.setLastModifiedTime(kept.resolve("d/same"), time);

        assertThat(difference()).isPresent();
    }

    @Test
    void anotherModeIsFound() throws IOException {
        Files.setPosixFilePermissions(kept.resolve("d"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(difference()).contains(EntryPath.of("d"));
    }

    /** A step's tree may hold what its layer leaves out, as a file that was opened and not changed, and times to the nanosecond. */
    @Test
    void whatATreeOfAStepHasMoreThanItsLayerIsPassedOver() throws IOException {
        Files.writeString(kept.resolve("copied-up"), "unchanged", StandardCharsets.US_ASCII);
        Files.createLink(kept.resolve("linked-to"), kept.resolve("a"));
        Files.setLastModifiedTime(kept.resolve("a"), FileTime.from(Instant.ofEpochSecond(0, 5_000)));

        assertThat(difference()).isEmpty();
    }

    private Optional<EntryPath> difference() throws IOException {
        return TreeComparison.difference(Linux.system(), made, kept);
    }

    private Path unpack(String name, RecordedLayer layer) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), LayerLimits.defaults());
        return directory;
    }
}
