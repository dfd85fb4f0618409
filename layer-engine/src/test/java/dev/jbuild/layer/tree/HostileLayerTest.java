package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
    private LayerStack stack;

    @BeforeEach
    void putCanary() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        canary = Files.writeString(outside.resolve("canary"), "alive");
        stack = new LayerStack(Files.createDirectory(folder.resolve("store")));
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
        refused(new RecordedLayer().symlink("a", "b").symlink("b", "a").file("a/x", ""))
                .withMessageContaining("links without end");
    }

    @Test
    void aFileIsNoParent() {
        refused(new RecordedLayer().file("f", "").file("f/x", ""))
                .withMessageContaining("f/x: f is in its way and is no directory");
        refused(new RecordedLayer().file("f", "").file("f/x/y", ""))
                .withMessageContaining("f/x/y: f is in its way and is no directory");
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
        refused(new RecordedLayer().symlink("l", outside.toString()).hardLink("h", "l/canary"))
                .withMessageContaining("must name an entry of this image");
        refused(new RecordedLayer().symlink("l", "../../outside").hardLink("h", "l/canary"))
                .withMessageContaining("must name an entry of this image");
    }

    @Test
    void aHardLinkToALinkDoesNotReachItsTarget() throws IOException {
        stack.apply(new RecordedLayer().symlink("l", canary.toString()).hardLink("h", "l"));
        assertThat(Files.isSymbolicLink(stack.top().resolve("h"))).isTrue();
    }

    @Test
    void aHardLinkNeedsAFileOfThisImage() throws IOException {
        refused(new RecordedLayer().hardLink("h", "etc/passwd")).withMessageContaining("must name an entry");
        refused(new RecordedLayer().directory("d").hardLink("h", "d")).withMessageContaining("the directory d");
        refused(new RecordedLayer().file("f", "").hardLink("f", "f")).withMessageContaining("its own target");
        refused(new RecordedLayer().file("d/f", "").hardLink("d", "d/f")).withMessageContaining("its own target");
        stack.apply(new RecordedLayer().file("gone", ""));
        refused(new RecordedLayer().whiteout("gone").hardLink("h", "gone")).withMessageContaining("must name an entry");
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
    void replacingADirectoryDoesNotDeleteThroughItsLinks() throws IOException {
        stack.apply(new RecordedLayer()
                .directory("d")
                .symlink("d/l", outside.toString())
                .file("d", ""));
        assertThat(stack.top().resolve("d")).isRegularFile();
    }

    @Test
    void aLayerCannotForgeAWhiteout() {
        refused(new RecordedLayer().add(LayerEntry.device(EntryPath.of("w"), LayerEntry.Type.CHAR_DEVICE, 0, 0, 0)))
                .withMessageContaining("character device 0:0");
    }

    @Test
    void aLayerDoesNotSpeakToOverlayfs() throws IOException {
        var attributes = new TreeMap<String, Bytes>();
        for (String name : List.of("redirect", "metacopy", "opaque", "origin")) {
            attributes.put("user.overlay." + name, Bytes.of("y"));
            attributes.put("trusted.overlay." + name, Bytes.of("y"));
        }
        List<String> notes = stack.apply(new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0755).withXattrs(attributes))
                .fileWithXattrs("f", attributes));
        assertThat(notes).hasSize(16);
        assertThat(Linux.system()).satisfies(linux -> {
            try (var root = linux.open(stack.top(), OpenFlag.PATH)) {
                assertThat(linux.listXattrsAt(root, new byte[] {'d'})).isEmpty();
                assertThat(linux.listXattrsAt(root, new byte[] {'f'})).isEmpty();
            }
        });
    }

    @Test
    void attributesOfTheMachineAreDroppedWithANote() throws IOException {
        var attributes = new TreeMap<String, Bytes>();
        attributes.put("security.selinux", Bytes.of("x"));
        attributes.put("user.jbuild.owner", Bytes.of("33:34"));
        attributes.put("system.posix_acl_access", Bytes.of("x"));
        attributes.put("user.kept", Bytes.of("x"));
        List<String> notes = stack.apply(new RecordedLayer().fileWithXattrs("f", attributes));
        assertThat(notes)
                .containsExactly(
                        "f: the attribute security.selinux is none that a layer may set",
                        "f: the attribute system.posix_acl_access is none that a layer may set",
                        "f: the attribute user.jbuild.owner is none that a layer may set");
    }

    @Test
    void attributesPastTheLimitsAreRefused() {
        var many = new TreeMap<String, Bytes>();
        for (int i = 0; i <= LayerLimits.defaults().maxXattrs(); i++) {
            many.put("user." + i, Bytes.EMPTY);
        }
        refused(new RecordedLayer().fileWithXattrs("f", many)).withMessageContaining("more than 128");
        refused(new RecordedLayer()
                        .add(LayerEntry.directory(EntryPath.of("d"), 0755).withXattrs(many)))
                .withMessageContaining("more than 128");
        var large = new TreeMap<String, Bytes>();
        large.put("user.x", Bytes.of(new byte[(64 << 10) + 1]));
        refused(new RecordedLayer().fileWithXattrs("f", large)).withMessageContaining("65536 bytes");
    }

    @Test
    void entriesPastTheLimitAreRefused() throws IOException {
        LayerLimits limits = LayerLimits.defaults().withMaxEntries(2);
        unpack(new RecordedLayer().file("a", "").file("b", ""), limits);
        refused(new RecordedLayer().file("a", "").file("b", "").file("c", ""), limits)
                .withMessageContaining("c: more than 2 entries");
    }

    @Test
    void apparentSizesPastTheLimitAreRefusedBeforeTheyAreWritten() {
        LayerLimits limits = LayerLimits.defaults().withMaxBytes(10);
        refused(sink -> sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 11), unreadable()), limits)
                .withMessageContaining("more than 10 bytes");
        LayerSource wrapping = sink -> {
            sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 1), new ByteArrayInputStream(new byte[1]));
            sink.put(LayerEntry.file(EntryPath.of("g"), 0644, Long.MAX_VALUE), unreadable());
        };
        refused(wrapping, LayerLimits.defaults()).withMessageContaining("bytes");
    }

    @Test
    void contentThatEndsEarlyIsAnError() {
        LayerSource truncated =
                sink -> sink.put(LayerEntry.file(EntryPath.of("f"), 0644, 2), new ByteArrayInputStream(new byte[1]));
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> unpack(truncated, LayerLimits.defaults()))
                .withMessageContaining("after 1 of 2 bytes");
    }

    @Test
    void namesTooLongAreRefused() throws IOException {
        stack.apply(new RecordedLayer().file("x".repeat(255), ""));
        refused(new RecordedLayer().file("x".repeat(256), "")).withMessageContaining("longer than");
        refused(new RecordedLayer().symlink("l", "x".repeat(5000))).withMessageContaining("longer than");
        refused(new RecordedLayer().file("d/".repeat(33_000) + "f", "")).withMessageContaining("path of more than");
    }

    @Test
    void namesThatSteerATerminalAreEscaped() {
        refused(new RecordedLayer().file("\u001b]0;x\u0007", "").file("\u001b]0;x\u0007/y", ""))
                .withMessageNotContaining("\u001b")
                .withMessageContaining("\\x1b");
    }

    @Test
    void timesPastTheFileSystemsRangeAreClamped() throws IOException {
        stack.apply(new RecordedLayer()
                .add(LayerEntry.file(EntryPath.of("late"), 0644, 0).withMtime(new Timestamp(Long.MAX_VALUE, 0)))
                .add(LayerEntry.file(EntryPath.of("early"), 0644, 0).withMtime(new Timestamp(Long.MIN_VALUE, 0)))
                .add(LayerEntry.directory(EntryPath.of("d"), 0755).withMtime(new Timestamp(-1, 999_999_999))));
        try (StackedTree tree = stack.tree()) {
            assertThat(tree.lstat(EntryPath.of("d")).orElseThrow().mtime()).isEqualTo(new Timestamp(-1, 999_999_999));
            assertThat(tree.lstat(EntryPath.of("late")).orElseThrow().mtime().seconds())
                    .isPositive();
            assertThat(tree.lstat(EntryPath.of("early")).orElseThrow().mtime().seconds())
                    .isNegative();
        }
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

    @Test
    @Tag("root")
    void largeOwnersAndDevicesAreKept() throws IOException {
        assumeThat(Linux.system().effectiveUid())
                .as("needs root to give files away")
                .isZero();
        stack.apply(new RecordedLayer()
                .add(LayerEntry.file(EntryPath.of("f"), 06755, 0).withOwner(LayerEntry.MAX_ID, 4_000_000_000L))
                .add(LayerEntry.device(EntryPath.of("null"), LayerEntry.Type.CHAR_DEVICE, 0666, 1, 3)));
        try (StackedTree tree = stack.tree()) {
            FileStatus file = tree.lstat(EntryPath.of("f")).orElseThrow();
            assertThat(file.uid()).isEqualTo(4_294_967_294L);
            assertThat(file.gid()).isEqualTo(4_000_000_000L);
            assertThat(file.mode()).isEqualTo(06755);
            FileStatus device = tree.lstat(EntryPath.of("null")).orElseThrow();
            assertThat(device.deviceMajor()).isEqualTo(1);
            assertThat(device.deviceMinor()).isEqualTo(3);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> tree.open(EntryPath.of("null")))
                    .withMessageContaining("CHAR_DEVICE");
        }
    }

    @Test
    @Tag("root")
    void capabilitiesOutliveTheChangeOfOwner() throws IOException {
        assumeThat(Linux.system().effectiveUid())
                .as("needs root to set capabilities")
                .isZero();
        // VFS_CAP_REVISION_2 with cap_net_raw permitted and effective (linux/capability.h).
        Bytes netRaw = Bytes.of(new byte[] {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        var attributes = new TreeMap<String, Bytes>();
        attributes.put("security.capability", netRaw);
        stack.apply(new RecordedLayer()
                .add(LayerEntry.file(EntryPath.of("ping"), 0755, 0)
                        .withOwner(7, 7)
                        .withXattrs(attributes)));
        try (StackedTree tree = stack.tree()) {
            assertThat(tree.xattrs(EntryPath.of("ping"))).containsEntry("security.capability", netRaw);
        }
    }

    @Test
    @Tag("root")
    void aUserWithoutPrivilegeIsToldWhatCouldNotBeKept() throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("needs root to drop its capabilities")
                .isZero();
        Files.createDirectory(folder.resolve("unprivileged"));
        Process child = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-all",
                        "--inh-caps=-all",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UnprivilegedUnpacking.class.getName(),
                        folder.toString(),
                        "unprivileged")
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), UTF_8);
        assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("unprivileged")).doesNotExist();
        assertThat(said.lines())
                .containsExactly(
                        "d/device: this user may not make devices, so it is left out",
                        "d/other: this user cannot give it to 1234:5678",
                        "FILE d/again",
                        "HARDLINK d/other");
    }

    private ThrowableAssertAlternative<RefusedLayerException> refused(RecordedLayer layer) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> applyAside(layer));
    }

    private ThrowableAssertAlternative<RefusedLayerException> refused(LayerSource layer, LayerLimits limits) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> unpack(layer, limits));
    }

    /** Over the stack as it is, which stays as it is. */
    private void applyAside(RecordedLayer layer) throws IOException {
        Path directory = Files.createTempDirectory(folder.resolve("store"), "aside");
        if (stack.directories().isEmpty()) {
            TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), LayerLimits.defaults());
        } else {
            try (StackedTree lower = stack.tree()) {
                TreeWriter.unpack(Linux.system(), layer, directory, Optional.of(lower), LayerLimits.defaults());
            }
        }
    }

    private void unpack(LayerSource layer, LayerLimits limits) throws IOException {
        Path directory = Files.createTempDirectory(folder.resolve("store"), "aside");
        TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), limits);
    }

    private static InputStream unreadable() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        return closed;
    }
}
