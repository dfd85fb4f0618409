package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Docker's rules for the members of an archive that ADD unpacks. */
class ArchivePlacementTest {
    private final KnownTree image = new KnownTree().directory("srv", 0755, 0);
    private final List<CopyItem> members = new ArrayList<>();
    private Optional<Owner> owner = Optional.empty();

    @Test
    void membersKeepTheirOwnersAndModes() throws Exception {
        directory("d", 02750);
        file("d/f", 04711, "x");
        symlink("l", "d/f");

        assertThat(unpack("/srv").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 2750 7:8 srv/d",
                        "file 4711 7:8 srv/d/f",
                        "symlink srv/l -> d/f");
    }

    @Test
    void anOwnerThatIsGivenIsThatOfAllMembersButNotOfParentsTheArchiveLacks() throws Exception {
        owner = Optional.of(new Owner(5, 6));
        file("a/f", 0644, "x");

        assertThat(unpack("/srv").lines())
                .containsExactly("directory 755 0:0 srv", "directory 755 0:0 srv/a", "file 644 5:6 srv/a/f");
    }

    @Test
    void theArchivesRootSaysNothingOfTheDestination() throws Exception {
        members.add(CopyItem.empty(LayerEntry.directory(EntryPath.ROOT, 0700)));
        file("f", 0644, "x");

        assertThat(unpack("/srv").lines()).containsExactly("directory 755 0:0 srv", "file 644 7:8 srv/f");
    }

    @Test
    void aDestinationThatIsMissingIsMade() throws Exception {
        file("f", 0644, "x");

        assertThat(unpack("/new/place").lines())
                .containsExactly("directory 755 0:0 new", "directory 755 0:0 new/place", "file 644 7:8 new/place/f");
    }

    @Test
    void aMemberReplacesWhateverIsThereButADirectoryTakesOverADirectory() throws Exception {
        image.directory("srv/d", 0700, 1).directory("srv/f", 0700, 1).link("srv/l", "/etc");
        directory("d", 0711);
        file("f", 0644, "file over directory");
        directory("l", 0711);

        assertThat(unpack("/srv").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 711 7:8 srv/d",
                        "file 644 7:8 srv/f",
                        "directory 711 7:8 srv/l");
    }

    @Test
    void aLaterMemberWins() throws Exception {
        file("f", 0644, "one");
        file("f", 0600, "two");

        RecordedLayer layer = unpack("/srv");
        assertThat(layer.lines()).containsExactly("directory 755 0:0 srv", "file 600 7:8 srv/f");
        assertThat(layer.content("srv/f")).isEqualTo("two");
    }

    @Test
    void membersThroughAnAbsoluteLinkStayBelowTheDestination() throws Exception {
        symlink("l", "/etc");
        file("l/passwd", 0644, "mine");

        assertThat(unpack("/srv").lines())
                .containsExactly(
                        "directory 755 0:0 srv",
                        "directory 755 0:0 srv/etc",
                        "file 644 7:8 srv/etc/passwd",
                        "symlink srv/l -> /etc");
    }

    @Test
    void membersThroughALinkThatClimbsStayBelowTheDestination() throws Exception {
        image.link("srv/up", "../../../etc");
        file("up/passwd", 0644, "mine");

        assertThat(unpack("/srv").lines())
                .containsExactly("directory 755 0:0 srv", "directory 755 0:0 srv/etc", "file 644 7:8 srv/etc/passwd");
    }

    @Test
    void inTheRootAnAbsoluteLinkOfTheImageIsFollowed() throws Exception {
        image.directory("run", 0755, 0).directory("var", 0755, 0).link("var/run", "/run");
        file("var/run/x", 0644, "x");
        link("var/run/y", "var/run/x");

        assertThat(unpack("/").lines())
                .containsExactly("directory 755 0:0 run", "file 644 7:8 run/x", "hardlink run/y = run/x");
    }

    @Test
    void theNamesOfAFileShareTheMetadataOfTheLast() throws Exception {
        file("z", 0600, "x");
        members.add(CopyItem.empty(LayerEntry.hardLink(EntryPath.of("a"), EntryPath.of("z"))
                .withMode(0640)
                .withOwner(1, 2)));

        assertThat(unpack("/srv").lines())
                .containsExactly("directory 755 0:0 srv", "file 640 1:2 srv/a", "hardlink srv/z = srv/a");
    }

    @Test
    void aHardLinkToWhatTheArchiveDoesNotHaveIsRefused() {
        image.file("srv/secret");
        link("f", "secret");

        assertThatThrownBy(() -> unpack("/srv"))
                .isInstanceOf(BuildException.class)
                .hasMessage("the archive's f is a hard link to secret, which is no file of the archive before it");
    }

    @Test
    void aMemberBelowAFileIsRefused() {
        file("f", 0644, "x");
        file("f/below", 0644, "x");

        assertThatThrownBy(() -> unpack("/srv"))
                .isInstanceOf(BuildException.class)
                .hasMessage("the archive's f/below cannot be unpacked: /srv/f is not a directory");
    }

    @Test
    void aNameByWhichLayersRemoveIsRefused() {
        members.add(CopyItem.empty(LayerEntry.whiteout(EntryPath.of("etc"))));

        assertThatThrownBy(() -> unpack("/srv"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("a name that layers use to remove");
    }

    private void file(String path, int mode, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        members.add(CopyItem.of(
                LayerEntry.file(EntryPath.of(path), mode, bytes.length).withOwner(7, 8), bytes));
    }

    private void directory(String path, int mode) {
        members.add(
                CopyItem.empty(LayerEntry.directory(EntryPath.of(path), mode).withOwner(7, 8)));
    }

    private void symlink(String path, String to) {
        members.add(CopyItem.empty(LayerEntry.symlink(EntryPath.of(path), Bytes.of(to))));
    }

    private void link(String path, String to) {
        members.add(CopyItem.empty(LayerEntry.hardLink(EntryPath.of(path), EntryPath.of(to))
                .withMode(0644)
                .withOwner(7, 8)));
    }

    private RecordedLayer unpack(String destination) throws IOException, BuildException {
        CopyPlacement placement = new CopyPlacement(image, owner, Optional.empty(), new Timestamp(1234, 0));
        placement.unpack(members, owner, destination);
        return RecordedLayer.of(placement.layer());
    }
}
