package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attributes, names, owners and times that layers may not set, or that this file system or user cannot keep. */
@Timeout(180)
class HostileMetadataTest {
    @TempDir
    Path folder;

    private LayerTrial trial;
    private LayerStack stack;

    @BeforeEach
    void makeStack() throws IOException {
        trial = new LayerTrial(Files.createDirectory(folder.resolve("store")));
        stack = trial.stack();
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
        assertThat(ofAttributes(notes)).hasSize(16);
        assertThat(Linux.system()).satisfies(linux -> {
            try (var root = linux.open(stack.top(), OpenFlag.PATH)) {
                assertThat(linux.listXattrsAt(root, new byte[] {'d'})).isEmpty();
                assertThat(linux.listXattrsAt(root, new byte[] {'f'})).isEmpty();
            }
        });
    }

    /** Who is not root reads of owners, too. */
    private static List<String> ofAttributes(List<String> notes) {
        return notes.stream().filter(note -> note.contains(": the attribute ")).toList();
    }

    @Test
    void attributesOfTheMachineAreDroppedWithANote() throws IOException {
        var attributes = new TreeMap<String, Bytes>();
        attributes.put("security.selinux", Bytes.of("x"));
        attributes.put("user.jbuild.owner", Bytes.of("33:34"));
        attributes.put("system.posix_acl_access", Bytes.of("x"));
        attributes.put("user.kept", Bytes.of("x"));
        List<String> notes = stack.apply(new RecordedLayer().fileWithXattrs("f", attributes));
        assertThat(ofAttributes(notes))
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
        trial.refused(new RecordedLayer().fileWithXattrs("f", many)).withMessageContaining("more than 128");
        trial.refused(new RecordedLayer()
                        .add(LayerEntry.directory(EntryPath.of("d"), 0755).withXattrs(many)))
                .withMessageContaining("more than 128");
        var large = new TreeMap<String, Bytes>();
        large.put("user.x", Bytes.of(new byte[(64 << 10) + 1]));
        trial.refused(new RecordedLayer().fileWithXattrs("f", large)).withMessageContaining("65536 bytes");
    }

    @Test
    void namesTooLongAreRefused() throws IOException {
        stack.apply(new RecordedLayer().file("x".repeat(255), ""));
        trial.refused(new RecordedLayer().file("x".repeat(256), "")).withMessageContaining("longer than");
        trial.refused(new RecordedLayer().symlink("l", "x".repeat(5000))).withMessageContaining("longer than");
        trial.refused(new RecordedLayer().file("d/".repeat(33_000) + "f", ""))
                .withMessageContaining("path of more than");
        trial.refused(new RecordedLayer().symlink("l", "x".repeat(66_000))).withMessageContaining("path of more than");
    }

    @Test
    void namesThatSteerATerminalAreEscaped() {
        trial.refused(new RecordedLayer().file("\u001b]0;x\u0007", "").file("\u001b]0;x\u0007/y", ""))
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
        Process child = JavaProcess.withoutPrivilege(UnprivilegedUnpacking.class, folder.toString(), "unprivileged")
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
}
