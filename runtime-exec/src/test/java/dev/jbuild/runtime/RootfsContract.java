package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime makes of the directories that a step sees as its root, and what it leaves in them. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class RootfsContract extends BoxedSteps {
    // --- what lands in the layer

    @Test
    void aStepLeavesItsWorkDirectoryEmpty() throws Exception {
        StepSpec spec = box.shell("busybox mkdir -p /a/b; busybox mv /a /c; busybox rm -r /c; busybox rm /etc/passwd");
        assertThat(run(spec).exitCode()).isZero();
        try (Stream<Path> left = Files.list(spec.rootfs().work())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void changesLandInTheUpperDirectoryAndRemovalsAsWhiteouts() throws Exception {
        box.writeTo(box.base(), "old/file", "x");
        StepSpec spec = box.shell("echo new > /tmp/new; busybox rm /old/file; busybox rm /etc/passwd");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("etc", "etc/passwd", "old", "old/file", "tmp", "tmp/new");
        Path whiteout = spec.rootfs().upper().resolve("old/file");
        assertThat(Files.getAttribute(whiteout, "unix:rdev", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(0L);
    }

    @Test
    void mountPointsThatTheImageLacksLeaveNoTrace() throws Exception {
        StepSpec spec = box.shell("busybox ls /proc/self/exe /dev/null /sys/kernel /etc/hosts >/dev/null");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aFromScratchRootfsWithoutAnyLayerIsThere() throws Exception {
        Rootfs bare = new Rootfs(List.of(), box.rootfs().upper(), box.rootfs().work());
        Files.copy(
                box.base().resolve("bin/busybox"), bare.upper().resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        StepSpec spec = StepSpec.of(bare, List.of("/busybox", "ls", "/")).withNetwork(Network.NONE);
        assertThat(outputOf(spec).lines()).contains("busybox", "proc", "dev");
        assertThat(TestBox.changes(spec)).containsExactly("busybox");
    }

    @Test
    void whatTheStepPutsBesideAMountPointIsKept() throws Exception {
        Files.delete(box.base().resolve("etc/passwd"));
        Files.delete(box.base().resolve("etc"));
        StepSpec spec = box.shell("echo x > /etc/mine");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("etc", "etc/mine");
    }

    @Test
    void aMountPointThatAnUpperLayerRemovedIsThereAgainAndItsParentKeepsItsMetadata() throws Exception {
        box.writeTo(box.base(), "etc/hosts", "of the image");
        Files.setAttribute(box.base().resolve("etc"), "unix:mode", 040711);
        Path top = box.addLayer();
        Files.createDirectory(top.resolve("etc"));
        Files.setAttribute(top.resolve("etc"), "unix:mode", 040711);
        Path whiteout = top.resolve("etc/hosts");
        assertThat(new ProcessBuilder("mknod", whiteout.toString(), "c", "0", "0")
                        .start()
                        .waitFor())
                .isZero();
        StepSpec spec = box.shell("busybox head -n 1 /etc/hosts; busybox stat -c %a /etc");
        assertThat(outputOf(spec)).startsWith("127.0.0.1").endsWith("711");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void twoHundredLayersAreStacked() throws Exception {
        for (int i = 0; i < 200; i++) {
            box.writeTo(box.addLayer(), "f" + i, "x");
        }
        assertThat(outputOf("busybox ls / | busybox grep -c '^f'")).isEqualTo("200");
    }

    @Test
    void nothingIsMountedOnTheHost() throws Exception {
        String before = Files.readString(Path.of("/proc/self/mounts"));
        run(box.shell("true"));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).isEqualTo(before);
    }

    // --- hostile images

    @Test
    void aLinkedProcIsRefused() throws Exception {
        refusesLinked("proc");
    }

    @Test
    void aLinkedDevIsRefused() throws Exception {
        refusesLinked("dev");
    }

    @Test
    void aLinkedSysIsRefused() throws Exception {
        refusesLinked("sys");
    }

    @Test
    void aRefusalIsToldWhateverTheNetwork() throws Exception {
        Files.createSymbolicLink(box.base().resolve("proc"), Path.of("/tmp"));
        for (Network network : Network.values()) {
            StepSpec spec = box.shell("true").withNetwork(network);
            assertThatThrownBy(() -> run(spec)).hasMessageContaining("/proc of the image");
        }
    }

    private void refusesLinked(String name) throws Exception {
        Files.createDirectory(box.base().resolve("elsewhere"));
        Files.createSymbolicLink(box.base().resolve(name), Path.of("/elsewhere"));
        StepSpec spec = box.shell("true");
        assertThatThrownBy(() -> run(spec)).isInstanceOf(IOException.class).hasMessageContaining("/" + name);
    }

    @Test
    void aResolvConfThatLinksToTheHostHidesNothingOfTheHost() throws Exception {
        Path canary = Files.writeString(directory.resolve("canary"), "the host's");
        Files.createSymbolicLink(box.base().resolve("etc/resolv.conf"), canary);
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf; busybox ls -d " + canary);
        assertThat(outputOf(spec)).doesNotContain("the host's");
        assertThat(canary).hasContent("the host's");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aDanglingResolvConfWorksAndLeavesNoTrace() throws Exception {
        Files.createSymbolicLink(
                box.base().resolve("etc/resolv.conf"), Path.of("../run/systemd/resolve/stub-resolv.conf"));
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf").withNetwork(Network.HOST);
        assertThat(outputOf(spec))
                .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")).stripTrailing());
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aLinkedEtcStaysInsideTheRoot() throws Exception {
        Files.delete(box.base().resolve("etc/passwd"));
        Files.delete(box.base().resolve("etc"));
        Files.createSymbolicLink(box.base().resolve("etc"), directory.resolve("outside"));
        Path outside = Files.createDirectory(directory.resolve("outside"));
        StepSpec spec = box.shell("busybox head -n 1 /etc/hosts");
        assertThat(outputOf(spec)).startsWith("127.0.0.1");
        assertThat(outside).isEmptyDirectory();
        assertThat(TestBox.changes(spec)).isEmpty();
    }
}
