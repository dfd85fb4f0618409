package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What layers have done to the extractors of the field, each tried here. A canary outside must stay as it was. */
@Timeout(180)
class HostileLayerTest {
    @TempDir
    Path folder;

    private Path outside;
    private Path canary;
    private LayerTrial trial;
    private LayerStack stack;

    @BeforeEach
    void putCanary() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        canary = Files.writeString(outside.resolve("canary"), "alive");
        trial = new LayerTrial(Files.createDirectory(folder.resolve("store")));
        stack = trial.stack();
    }

    @AfterEach
    void theCanaryLives() throws IOException {
        assertThat(canary).hasContent("alive");
        try (var entries = Files.list(outside)) {
            assertThat(entries).containsExactly(canary);
        }
        assertThat(Files.getAttribute(canary, "unix:nlink")).isEqualTo(1);
    }

    @Test
    void aPathCannotClimb() {
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.of("../outside/canary"));
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.of("a/../../outside/canary"));
    }

    @Test
    void anEntryThroughALinkOfItsOwnLayerLandsInside() throws IOException {
        stack.apply(new RecordedLayer()
                .symlink("absolute", outside.toString())
                .symlink("climbing", "../../outside")
                .file("absolute/canary", "dead")
                .file("climbing/canary", "dead"));
        Path sameInside = stack.top().resolve(outside.toString().substring(1));
        assertThat(sameInside.resolve("canary")).hasContent("dead");
        assertThat(stack.top().resolve("outside/canary")).hasContent("dead");
    }

    @Test
    void anEntryThroughALinkOfALowerLayerLandsInside() throws IOException {
        stack.apply(new RecordedLayer().symlink("l", outside.toString()).symlink("up", "../../outside"));
        stack.apply(new RecordedLayer().file("l/canary", "dead").file("up/canary", "dead"));
        assertThat(stack.top().resolve("outside/canary")).hasContent("dead");
    }

    @Test
    void aLinkInPlaceOfADirectoryIsNotFollowedByLaterEntries() throws IOException {
        stack.apply(new RecordedLayer()
                .directory("d")
                .file("d/x", "")
                .symlink("d", outside.toString())
                .file("d/canary", "dead"));
        assertThat(Files.isSymbolicLink(stack.top().resolve("d"))).isTrue();
    }

    @Test
    void aFinalLinkIsReplacedAndNeverFollowed() throws IOException {
        stack.apply(new RecordedLayer()
                .symlink("f", canary.toString())
                .file("f", "dead")
                .symlink("d", outside.toString())
                .directory("d"));
        assertThat(stack.top().resolve("f")).hasContent("dead").isRegularFile();
        assertThat(Files.isDirectory(stack.top().resolve("d"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void theRootCannotBeALink() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerEntry.symlink(EntryPath.ROOT, Bytes.of(canary.toString())));
    }

    @Test
    void linksWithoutEndAreRefused() {
        trial.refused(new RecordedLayer().symlink("a", "b").symlink("b", "a").file("a/x", ""))
                .withMessageContaining("links without end");
    }

    @Test
    void aFileIsNoParent() {
        trial.refused(new RecordedLayer().file("f", "").file("f/x", ""))
                .withMessageContaining("f/x: f is in its way and is no directory");
        trial.refused(new RecordedLayer().file("f", "").file("f/x/y", ""))
                .withMessageContaining("f/x/y: f is in its way and is no directory");
    }

    /** An entry goes through a link that lies in the very directory whose place it takes. */
    @Test
    void aLinkThatAnEntryTookAwayIsNotGoneThroughAgain() {
        trial.refused(new RecordedLayer()
                        .directory("d")
                        .symlink("d/l", "..")
                        .file("d/l/d", "")
                        .file("d/l/x", ""))
                .withMessageContaining("d/l/x: d is in its way and is no directory");
    }

    @Test
    void aHardLinkCannotClimb() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerEntry(
                        EntryPath.of("h"),
                        LayerEntry.Type.HARDLINK,
                        0644,
                        0,
                        0,
                        Timestamp.EPOCH,
                        0,
                        Bytes.of("../outside/canary"),
                        0,
                        0,
                        new TreeMap<>()));
    }

    @Test
    void aHardLinkThroughALinkStaysInside() {
        trial.refused(new RecordedLayer().symlink("l", outside.toString()).hardLink("h", "l/canary"))
                .withMessageContaining("must name an entry of this image");
        trial.refused(new RecordedLayer().symlink("l", "../../outside").hardLink("h", "l/canary"))
                .withMessageContaining("must name an entry of this image");
    }

    @Test
    void aHardLinkThroughALinkSharesTheFileInside() throws IOException {
        stack.apply(new RecordedLayer()
                .directory("outside")
                .file("outside/canary", "inside")
                .symlink("l", "../../outside")
                .hardLink("h", "l/canary"));
        assertThat(stack.top().resolve("h")).hasContent("inside");
        assertThat(Files.getAttribute(stack.top().resolve("outside/canary"), "unix:nlink"))
                .isEqualTo(2);
    }

    @Test
    void aHardLinkToALinkDoesNotReachItsTarget() throws IOException {
        stack.apply(new RecordedLayer().symlink("l", canary.toString()).hardLink("h", "l"));
        assertThat(Files.isSymbolicLink(stack.top().resolve("h"))).isTrue();
    }

    @Test
    void aHardLinkNeedsAFileOfThisImage() throws IOException {
        trial.refused(new RecordedLayer().hardLink("h", "etc/passwd")).withMessageContaining("must name an entry");
        trial.refused(new RecordedLayer().directory("d").hardLink("h", "d")).withMessageContaining("the directory d");
        trial.refused(new RecordedLayer().file("f", "").hardLink("f", "f")).withMessageContaining("its own target");
        trial.refused(new RecordedLayer().file("d/f", "").hardLink("d", "d/f")).withMessageContaining("its own target");
        stack.apply(new RecordedLayer().file("gone", ""));
        trial.refused(new RecordedLayer().whiteout("gone").hardLink("h", "gone"))
                .withMessageContaining("must name an entry");
    }

    @Test
    void aWhiteoutCannotNameTheRootOrItsParent() {
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.whiteout(EntryPath.ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.ROOT.resolve(Bytes.of("..")));
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.ROOT.resolve(Bytes.of("a/b")));
    }

    @Test
    void aWhiteoutThroughALinkDeletesNothingOutside() throws IOException {
        stack.apply(new RecordedLayer().symlink("l", outside.toString()).symlink("up", "../../outside"));
        stack.apply(
                new RecordedLayer().whiteout("l/canary").whiteout("up/canary").opaque("l"));
        assertThat(stack.top()).isEmptyDirectory();
    }

    @Test
    void aWhiteoutThroughALinkRemovesWhatIsInside() throws IOException {
        stack.apply(new RecordedLayer()
                .file("outside/canary", "inside")
                .file("outside/all/a", "")
                .symlink("l", "../../outside"));
        stack.apply(new RecordedLayer().whiteout("l/canary").opaque("l/all"));
        try (StackedTree tree = stack.tree()) {
            assertThat(tree.lstat(EntryPath.of("outside/canary"))).isEmpty();
            assertThat(tree.list(EntryPath.of("outside/all"))).isEmpty();
        }
    }

    @Test
    void replacingADirectoryDoesNotDeleteThroughItsLinks() throws IOException {
        stack.apply(new RecordedLayer()
                .directory("d")
                .symlink("d/l", outside.toString())
                .file("d", ""));
        assertThat(stack.top().resolve("d")).isRegularFile();
    }

    @Test
    void aLayerCannotForgeAWhiteout() {
        trial.refused(new RecordedLayer()
                        .add(LayerEntry.device(EntryPath.of("w"), LayerEntry.Type.CHAR_DEVICE, 0, 0, 0)))
                .withMessageContaining("character device 0:0");
    }

    @Test
    void entriesPastTheLimitAreRefused() throws IOException {
        LayerLimits limits = LayerLimits.defaults().withMaxEntries(2);
        trial.unpack(new RecordedLayer().file("a", "").file("b", ""), limits);
        trial.refused(new RecordedLayer().file("a", "").file("b", "").file("c", ""), limits)
                .withMessageContaining("c: more than 2 entries");
    }

    @Test
    void apparentSizesPastTheLimitAreRefusedBeforeTheyAreWritten() {
        LayerLimits limits = LayerLimits.defaults().withMaxBytes(10);
        trial.refused(sink -> sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 11), unreadable()), limits)
                .withMessageContaining("more than 10 bytes");
        LayerSource wrapping = sink -> {
            sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 1), new ByteArrayInputStream(new byte[1]));
            sink.put(LayerEntry.file(EntryPath.of("g"), 0644, Long.MAX_VALUE), unreadable());
        };
        trial.refused(wrapping, LayerLimits.defaults()).withMessageContaining("bytes");
    }

    /** A directory's heap is told in LayerTree: its path once, names of attributes twice, values once. */
    @Test
    void directoriesThatTakeOneByteTooMuchToRememberAreRefused() throws IOException {
        TreeMap<String, Bytes> attributes = new TreeMap<>(Map.of("user.a", Bytes.of(new byte[1000])));
        RecordedLayer layer = new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0755).withXattrs(attributes))
                .add(LayerEntry.directory(EntryPath.of("d"), 0755))
                .add(LayerEntry.directory(EntryPath.of("d"), 0755).withXattrs(attributes));
        long held = 192 + 1 + 192 + 1 + 144 + 2 * 6 + 1000;
        trial.unpack(layer, LayerLimits.defaults().withMaxHeldBytes(held));

        trial.refused(layer, LayerLimits.defaults().withMaxHeldBytes(held - 1))
                .withMessageContaining(
                        "d: what must be remembered of directories, attributes and whiteouts takes more than 1541 bytes"
                                + " (maxHeldBytes)");
    }

    /** What a directory was to become is forgotten with it, and so is what those in it were. */
    @Test
    void directoriesThatAFileReplacesCountNoMore() throws IOException {
        RecordedLayer layer = new RecordedLayer();
        for (int i = 0; i < 100; i++) {
            layer.directory("d").directory("d/a").file("d/b/f", "").file("d", "");
        }
        long held = 192 + 1 + 2 * (192 + 3);
        trial.unpack(layer, LayerLimits.defaults().withMaxHeldBytes(held));

        trial.refused(layer, LayerLimits.defaults().withMaxHeldBytes(held - 1))
                .withMessageContaining("d/b: what must be remembered of directories");
    }

    @Test
    void whatTheFirstLayerHidesCostsNothing() throws IOException {
        RecordedLayer layer =
                new RecordedLayer().whiteout("none").opaque("").file("f", "").file("f", "");
        trial.unpack(layer, LayerLimits.defaults().withMaxHeldBytes(1));
    }

    @Test
    void whiteoutsThatTakeOneByteTooMuchToRememberAreRefusedAndOthersThanThoseCostNothing() throws IOException {
        stack.apply(new RecordedLayer().file("f", ""));
        RecordedLayer layer =
                new RecordedLayer().whiteout("none").whiteout("none").opaque("d/e");
        long held = 112 + 4 + 112 + 3;
        try (StackedTree lower = stack.tree()) {
            unpackOver(lower, layer, held);
            assertThatExceptionOfType(RefusedLayerException.class)
                    .isThrownBy(() -> unpackOver(lower, layer, held - 1))
                    .withMessageContaining("d/e: what must be remembered");
        }
    }

    /** What a whiteout needs above it is made at the end, and counts then. */
    @Test
    void whatIsRefusedAtTheEndIsRefusedByName() throws IOException {
        stack.apply(new RecordedLayer().file("a/b/c/d/f", ""));
        try (StackedTree lower = stack.tree()) {
            LayerSource source = sink -> {
                new RecordedLayer().whiteout("a/b/c/d/f").writeTo(sink);
                sink.end();
            };
            assertThatExceptionOfType(RefusedLayerException.class)
                    .isThrownBy(() -> unpackOver(lower, source, 500))
                    .withMessageContaining("a/b: what must be remembered");
        }
    }

    private void unpackOver(StackedTree lower, LayerSource layer, long maxHeldBytes) throws IOException {
        Path directory = Files.createTempDirectory(folder, "over");
        LayerLimits limits = LayerLimits.defaults().withMaxHeldBytes(maxHeldBytes);
        TreeWriter.unpack(Linux.system(), layer, directory, Optional.of(lower), limits);
    }

    /** Overlayfs shows nothing below a file, whatever lower layers have there. */
    @Test
    void aFileCoversWhatTheLowerDirectoryHeld() throws IOException {
        stack.apply(new RecordedLayer().file("d/f", ""));
        trial.refused(new RecordedLayer().file("d", "").hardLink("h", "d/f"))
                .withMessageContaining("h: d is in its way and is no directory");
    }

    @Test
    void contentThatEndsEarlyIsAnError() {
        LayerSource truncated =
                sink -> sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 2), new ByteArrayInputStream(new byte[1]));
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> trial.unpack(truncated, LayerLimits.defaults()))
                .withMessageContaining("after 1 of 2 bytes");
    }

    @Test
    void aFifoIsMadeAndNeverOpened() throws IOException {
        stack.apply(new RecordedLayer()
                .add(LayerEntry.of(EntryPath.of("etc/passwd"), LayerEntry.Type.FIFO, 0644))
                .file("etc/passwd", "now a file"));
        assertThat(stack.top().resolve("etc/passwd")).hasContent("now a file");
        stack.apply(new RecordedLayer().add(LayerEntry.of(EntryPath.of("etc/passwd"), LayerEntry.Type.FIFO, 0644)));
        try (StackedTree tree = stack.tree()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> tree.open(EntryPath.of("etc/passwd")))
                    .withMessageContaining("not a regular file: FIFO");
        }
    }

    private static InputStream unreadable() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        return closed;
    }
}
