package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which modification times files and directories have after a copy. */
class CopyTimesTest {
    private CopyTrial trial;
    private SourceFolder source;
    private KnownTree image;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        trial = CopyTrial.in(folder);
        source = trial.source;
        image = trial.image;
    }

    @AfterEach
    void close() throws IOException {
        trial.close();
    }

    @Test
    void filesKeepTheirTimesAndCreatedDirectoriesHaveTheBuilds() throws Exception {
        source.file("a", "");
        setTime("a", 77);

        RecordedLayer layer = copy("/d/a", "/a");

        assertThat(seconds(layer, "d/a")).isEqualTo(77);
        assertThat(seconds(layer, "d")).isEqualTo(1234);
    }

    @Test
    void aDestinationHasTheTimeOfTheDirectoryThatIsCopiedIntoIt() throws Exception {
        source.file("d/sub/a", "");
        setTime("d/sub", 78);
        setTime("d", 79);
        image.directory("old", 0700, 5);

        assertThat(seconds(copy("/new", "/d"), "new")).isEqualTo(79);
        assertThat(seconds(copy("/old", "/d"), "old")).isEqualTo(79);
        assertThat(seconds(copy("/old", "/d"), "old/sub")).isEqualTo(78);
    }

    @Test
    void anEmptyDirectoryGivesItsTimeToo() throws Exception {
        source.directory("d");
        setTime("d", 79);
        image.directory("old", 0700, 5);

        assertThat(copy("/old", "/d").lines()).containsExactly("directory 700 5:5 old");
        assertThat(seconds(copy("/old", "/d"), "old")).isEqualTo(79);
    }

    @Test
    void theContextItselfHasNoTimeToGive() throws Exception {
        source.file("a", "");

        assertThat(seconds(copy("/new", "/"), "new")).isEqualTo(1234);
    }

    @Test
    void anExistingDirectoryHasTheTimeOfTheBuildOnceSomethingIsPutIntoIt() throws Exception {
        source.file("a", "");
        image.directory("old", 0755, 0).directory("old/sub", 0755, 0);

        RecordedLayer layer = copy("/old/sub/", "/a");

        assertThat(layer.entry("old").mtime())
                .isEqualTo(image.find(layer.entry("old").path()).orElseThrow().mtime());
        assertThat(seconds(layer, "old/sub")).isEqualTo(1234);
    }

    @Test
    void aDirectoryThatAFileFollowsHasTheTimeOfTheBuild() throws Exception {
        source.file("d/x", "").file("a", "");
        setTime("d", 79);

        assertThat(seconds(copy("/new/", "/a", "/d"), "new")).isEqualTo(79);
        assertThat(seconds(copy("/new/", "/d", "/a"), "new")).isEqualTo(1234);
    }

    private void setTime(String name, long seconds) throws IOException {
        Files.setLastModifiedTime(source.path.resolve(name), FileTime.fromMillis(seconds * 1000));
    }

    private static long seconds(RecordedLayer layer, String path) {
        return layer.entry(path).mtime().seconds();
    }

    private RecordedLayer copy(String destination, String... sources) throws Exception {
        return trial.copy(destination, sources);
    }
}
