package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.Chmod;
import dev.jbuild.layer.LayerEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BuildKit's rules for where copied files go. */
class CopyPlacementTest {
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
    void aFileGoesUnderTheNameOfTheDestination() throws Exception {
        source.file("a.txt", "hello", "rwxr-x---");

        RecordedLayer layer = copy("/etc/b.conf", "/a.txt");

        assertThat(layer.lines()).containsExactly("directory 755 0:0 etc", "file 750 0:0 etc/b.conf");
        assertThat(layer.content("etc/b.conf")).isEqualTo("hello");
    }

    @Test
    void aTrailingSlashMakesTheDestinationADirectory() throws Exception {
        source.file("a.txt", "");

        assertThat(copy("/new/", "/a.txt").lines()).containsExactly("directory 755 0:0 new", "file 644 0:0 new/a.txt");
    }

    @Test
    void aDestinationThatIsADirectoryTakesTheFileUnderItsOwnName() throws Exception {
        source.file("a.txt", "");
        image.directory("srv", 0755, 0);

        assertThat(copy("/srv", "/a.txt").lines()).containsExactly("directory 755 0:0 srv", "file 644 0:0 srv/a.txt");
    }

    @Test
    void aFileMayReplaceAFile() throws Exception {
        source.file("a", "");
        image.file("b");

        assertThat(copy("/b", "/a").lines()).containsExactly("file 644 0:0 b");
    }

    @Test
    void theContentsOfADirectoryAreMergedIntoTheDestination() throws Exception {
        source.file("d/x", "").file("d/sub/y", "");
        image.directory("srv", 0755, 0).directory("srv/sub", 0700, 7).file("srv/old");

        assertThat(copy("/srv", "/d").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 755 0:0 srv/sub",
                        "file 644 0:0 srv/sub/y",
                        "file 644 0:0 srv/x");
    }

    @Test
    void aDirectoryThatDoesNotExistIsMadeEvenForAnEmptySource() throws Exception {
        source.directory("empty");

        assertThat(copy("/new/place", "/empty").lines())
                .containsExactly("directory 755 0:0 new", "directory 755 0:0 new/place");
    }

    @Test
    void aCopyOfAnEmptyContextIntoAnExistingDirectoryIsAnEmptyLayer() throws Exception {
        image.directory("srv", 0700, 5);

        assertThat(copy("/srv", "/").lines()).isEmpty();
    }

    @Test
    void theDestinationKeepsOwnerAndModeWhatIsCopiedIntoItDoesNot() throws Exception {
        source.file("d/sub/x", "");
        image.directory("srv", 0711, 9).directory("srv/sub", 0700, 8);
        trial.owner = Optional.of(new Owner(1000, 1001));
        trial.chmod = Optional.of(new Chmod.Exact(0640));

        assertThat(copy("/srv", "/d").lines())
                .containsExactly(
                        "directory 711 9:9 srv", "directory 640 1000:1001 srv/sub", "file 640 1000:1001 srv/sub/x");
    }

    @Test
    void chownAppliesToCreatedParents() throws Exception {
        source.file("a", "");
        trial.owner = Optional.of(new Owner(1000, 1001));

        assertThat(copy("/p/q/", "/a").lines())
                .containsExactly(
                        "directory 755 1000:1001 p", "directory 755 1000:1001 p/q", "file 644 1000:1001 p/q/a");
    }

    @Test
    void chmodAppliesToCreatedParentsButForItsSetuidBitAndTheUmask() throws Exception {
        source.file("a", "");
        trial.chmod = Optional.of(new Chmod.Exact(04773));

        assertThat(copy("/p/q/", "/a").lines())
                .containsExactly("directory 751 0:0 p", "directory 751 0:0 p/q", "file 4773 0:0 p/q/a");
    }

    @Test
    void chmodAppliesToEveryCopiedFileAndDirectoryButNotToLinks() throws Exception {
        source.file("d/sub/x", "", "rw-------").link("d/l", "x");
        trial.chmod = Optional.of(new Chmod.Exact(0750));

        assertThat(copy("/srv/", "/d").lines())
                .containsExactly(
                        "directory 750 0:0 srv",
                        "symlink srv/l -> x",
                        "directory 750 0:0 srv/sub",
                        "file 750 0:0 srv/sub/x");
    }

    @Test
    void aSymbolicModeChangesWhatEachFileHasAndLeavesCreatedParentsAlone() throws Exception {
        source.file("d/sub/x", "", "rwx------").file("d/y", "", "rw-rw-rw-");
        trial.chmod = Optional.of(Chmod.parse("u=rwX,go=rX"));

        assertThat(copy("/p/q", "/d").lines())
                .containsExactly(
                        "directory 755 0:0 p",
                        "directory 755 0:0 p/q",
                        "directory 755 0:0 p/q/sub",
                        "file 755 0:0 p/q/sub/x",
                        "file 644 0:0 p/q/y");
    }

    @Test
    void anImpliedDirectoryOfParentsReplacesTheModeOfAnExistingOneAndNothingElse() throws Exception {
        source.file("a/b/f", "").file("a/other", "");
        Files.setPosixFilePermissions(source.path.resolve("a"), PosixFilePermissions.fromString("rwx------"));
        image.directory("srv", 0755, 0).directory("srv/a", 0711, 9);
        trial.owner = Optional.of(new Owner(5, 6));

        CopyPlacement placement = trial.placement();
        placement.place(source.scanBelow("/", "a/b/f").getFirst(), source.tree, "/srv/");

        assertThat(RecordedLayer.of(placement.layer()).lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 700 9:9 srv/a",
                        "directory 755 5:6 srv/a/b",
                        "file 644 5:6 srv/a/b/f");
    }

    @Test
    void withoutOwnerTheSourcesOwnersAreKept() throws Exception {
        source.file("a", "");
        trial.owner = Optional.empty();
        Object uid = Files.getAttribute(source.path.resolve("a"), "unix:uid");
        Object gid = Files.getAttribute(source.path.resolve("a"), "unix:gid");

        assertThat(copy("/a", "/a").lines()).containsExactly("file 644 " + uid + ":" + gid + " a");
    }

    @Test
    void aLinkedParentIsFollowedInsideTheImage() throws Exception {
        source.file("a", "");
        image.directory("usr", 0755, 0).directory("usr/lib", 0755, 0).link("lib", "usr/lib");

        assertThat(copy("/lib/a", "/a").lines())
                .containsExactly("directory 755 0:0 usr", "directory 755 0:0 usr/lib", "file 644 0:0 usr/lib/a");
    }

    @Test
    void anAbsoluteLinkStartsAtTheRootOfTheImage() throws Exception {
        source.file("a", "");
        image.directory("data", 0755, 0).directory("x", 0755, 0).link("x/l", "/data");

        assertThat(copy("/x/l/a", "/a").lines()).containsExactly("directory 755 0:0 data", "file 644 0:0 data/a");
    }

    @Test
    void aLinkThatClimbsOutStopsAtTheRootOfTheImage() throws Exception {
        source.file("a", "");
        image.link("l", "../../../../etc");

        assertThat(copy("/l/a", "/a").lines()).containsExactly("directory 755 0:0 etc", "file 644 0:0 etc/a");
    }

    @Test
    void aDestinationThatIsALinkToADirectoryTakesTheContents() throws Exception {
        source.file("d/a", "");
        image.directory("real", 0755, 0).link("l", "/real");

        assertThat(copy("/l", "/d").lines()).containsExactly("directory 755 0:0 real", "file 644 0:0 real/a");
    }

    @Test
    void aLoopOfLinksIsRefusedAndNamed() throws Exception {
        source.file("a", "");
        image.link("one", "two").link("two", "/one");

        assertThatThrownBy(() -> copy("/one/a", "/a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/one");
    }

    @Test
    void aFileDoesNotReplaceADirectory() throws Exception {
        source.file("d/x", "");
        image.directory("srv", 0755, 0).directory("srv/x", 0755, 0);

        assertThatThrownBy(() -> copy("/srv", "/d"))
                .isInstanceOf(BuildException.class)
                .hasMessage("cannot copy a file over /srv/x, which is a directory in the image");
    }

    @Test
    void aDirectoryDoesNotReplaceAFileOrALink() throws Exception {
        source.file("d/x/y", "");
        image.directory("srv", 0755, 0).file("srv/x");

        assertThatThrownBy(() -> copy("/srv", "/d"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("cannot copy a directory over /srv/x");
        image.link("srv/x", "elsewhere");
        assertThatThrownBy(() -> copy("/srv", "/d")).isInstanceOf(BuildException.class);
    }

    @Test
    void nothingIsCopiedBelowAFile() throws Exception {
        source.file("a", "");
        image.file("etc");

        assertThatThrownBy(() -> copy("/etc/x/a", "/a"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("/etc is not a directory in the image");
    }

    @Test
    void namesOfOneFileStayNamesOfOneFile() throws Exception {
        source.file("d/a-b", "same").directory("d/a").hardLink("d/a/x", "d/a-b").hardLink("d/z", "d/a-b");

        assertThat(copy("/srv/", "/d").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 755 0:0 srv/a",
                        "file 644 0:0 srv/a/x",
                        "hardlink srv/a-b = srv/a/x",
                        "hardlink srv/z = srv/a/x");
    }

    /** Docker and podman give a link's metadata to its file. */
    @Test
    void everyNameOfAFileHasItsMetadata() throws Exception {
        source.file("d/a", "same").hardLink("d/b", "d/a");
        Files.setPosixFilePermissions(source.path.resolve("d/a"), PosixFilePermissions.fromString("rwx------"));

        RecordedLayer layer = copy("/srv/", "/d");
        LayerEntry file = layer.entry("srv/a");
        assertThat(layer.entry("srv/b").type()).isEqualTo(LayerEntry.Type.HARDLINK);
        assertThat(layer.entry("srv/b"))
                .extracting(LayerEntry::mode, LayerEntry::uid, LayerEntry::gid, LayerEntry::mtime)
                .containsExactly(0700, file.uid(), file.gid(), file.mtime());
    }

    @Test
    void otherNamesOfAFileThatALaterSourceReplacesKeepItsContent() throws Exception {
        source.file("one/a", "1")
                .hardLink("one/b", "one/a")
                .hardLink("one/c", "one/a")
                .file("two/a", "2");

        RecordedLayer layer = copy("/srv/", "/one", "/two");
        assertThat(layer.lines())
                .containsExactly(
                        "directory 755 0:0 srv", "file 644 0:0 srv/a", "file 644 0:0 srv/b", "hardlink srv/c = srv/b");
        assertThat(layer.content("srv/a")).isEqualTo("2");
        assertThat(layer.content("srv/b")).isEqualTo("1");
    }

    @Test
    void aNameOutsideOfTheCopiedDirectoryDoesNotCount() throws Exception {
        source.file("outside", "").directory("d").hardLink("d/a", "outside");

        assertThat(copy("/srv/", "/d").lines()).containsExactly("directory 755 0:0 srv", "file 644 0:0 srv/a");
    }

    @Test
    void aLaterSourceWinsOverAnEarlierOne() throws Exception {
        source.file("one/x", "1").file("two/x", "2");

        assertThat(copy("/srv/", "/one", "/two").content("srv/x")).isEqualTo("2");
    }

    @Test
    void aLaterSourceReplacesTheModeOfAnEarlierOnesDirectory() throws Exception {
        source.file("one/sub/x", "").file("two/sub/y", "");
        Files.setPosixFilePermissions(source.path.resolve("one/sub"), PosixFilePermissions.fromString("rwx------"));

        assertThat(copy("/", "/one", "/two").lines())
                .containsExactly("directory 755 0:0 sub", "file 644 0:0 sub/x", "file 644 0:0 sub/y");
    }

    @Test
    void copiedDirectoriesReplaceTheOwnerAndModeOfExistingOnes() throws Exception {
        source.directory("d/quiet").file("d/loud/x", "");
        image.directory("srv", 0755, 0).directory("srv/quiet", 0700, 1).directory("srv/loud", 0700, 2);

        assertThat(copy("/srv", "/d").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 755 0:0 srv/loud",
                        "file 644 0:0 srv/loud/x",
                        "directory 755 0:0 srv/quiet");
    }

    @Test
    void aFifoStaysAFifoAndIsNotOpened() throws Exception {
        source.directory("d").fifo("d/pipe");

        assertThat(copy("/srv/", "/d").lines()).last().asString().matches("fifo [0-7]+ 0:0 srv/pipe");
    }

    @Test
    void aFileFromTheDockerfileIs0644AndItsParentsAreMade() throws Exception {
        CopyPlacement placement = trial.placement();
        placement.place("EOF", "text\n".getBytes(StandardCharsets.UTF_8), "/etc/app/");

        RecordedLayer layer = RecordedLayer.of(placement.layer());
        assertThat(layer.lines())
                .containsExactly("directory 755 0:0 etc", "directory 755 0:0 etc/app", "file 644 0:0 etc/app/EOF");
        assertThat(layer.content("etc/app/EOF")).isEqualTo("text\n");
        assertThat(layer.entry("etc/app/EOF").mtime()).isEqualTo(CopyTrial.CREATED);
    }

    private RecordedLayer copy(String destination, String... sources) throws Exception {
        return trial.copy(destination, sources);
    }
}
