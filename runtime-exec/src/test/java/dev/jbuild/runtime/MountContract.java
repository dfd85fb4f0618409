package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.StepMount.File;
import dev.jbuild.runtime.StepMount.Host;
import dev.jbuild.runtime.StepMount.Layers;
import dev.jbuild.runtime.StepMount.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime promises of a step's mounts, whoever makes them. */
@Tag("root")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class MountContract extends BoxedSteps {
    private static final String WAITING = "echo up; busybox sleep 1";
    private static final byte[] CONTENT = "the content\n".getBytes(StandardCharsets.UTF_8);

    private StepSpec shell(String script, StepMount... mounts) throws IOException {
        return box.shell(script).withMounts(List.of(mounts));
    }

    private Path layer(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    private Layers stack(String target, Path... topmostFirst) {
        return new Layers(target, List.of(topmostFirst), "/", true, false);
    }

    // --- layers

    @Test
    void layersAreSeenStackedAndCannotBeWritten() throws Exception {
        Path lower = layer("lower");
        Path upper = layer("upper");
        box.writeTo(lower, "a", "of the lower");
        box.writeTo(lower, "b", "of the lower");
        box.writeTo(upper, "b", "of the upper");
        StepSpec spec = shell("busybox cat /m/a /m/b; echo x > /m/c || echo refused", stack("/m", upper, lower));
        assertThat(outputOf(spec)).isEqualTo("of the lowerof the upperrefused");
        assertThat(lower.resolve("c")).doesNotExist();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void whatIsWrittenIntoWritableLayersIsSeenByTheStepAndThenGone() throws Exception {
        Path lower = layer("lower");
        box.writeTo(lower, "a", "old");
        Files.setAttribute(lower, "unix:mode", 040711);
        StepSpec spec = shell(
                "echo new > /m/a; busybox cat /m/a; busybox stat -c %a /m; busybox rm /m/a; busybox ls /m",
                new Layers("/m", List.of(lower), "/", true, true));
        assertThat(outputOf(spec).lines()).containsExactly("new", "711");
        assertThat(lower.resolve("a")).hasContent("old");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aPartOfLayersIsMountedAndAFileOnAFile() throws Exception {
        Path lower = layer("lower");
        box.writeTo(lower, "deep/er/file", "x");
        StepSpec spec = shell(
                "busybox ls /m; busybox cat /f",
                new Layers("/m", List.of(lower), "/deep", true, false),
                new Layers("/f", List.of(lower), "/deep/er/file", false, false));
        assertThat(outputOf(spec)).isEqualTo("er\nx");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void noLayersAreAnEmptyDirectory() throws Exception {
        assertThat(outputOf(shell("busybox ls -a /m", stack("/m"))).lines()).containsExactly(".", "..");
    }

    @Test
    void cve20241753ALinkAsSourceStaysInsideItsLayers() throws Exception {
        Path canary = Files.writeString(directory.resolve("canary"), "the host's");
        Path hostile = layer("hostile");
        Files.createSymbolicLink(hostile.resolve("file"), canary);
        Files.createSymbolicLink(hostile.resolve("up"), Path.of("../../../../../../../.." + canary));
        Files.createSymbolicLink(hostile.resolve("top"), Path.of("/"));
        box.writeTo(hostile, "only", "of the layer");
        for (String link : List.of("/file", "/up")) {
            StepSpec spec = shell("busybox cat /m", new Layers("/m", List.of(hostile), link, false, false));
            assertThatThrownBy(() -> run(spec)).isInstanceOf(IOException.class).hasMessageContaining(link);
        }
        StepSpec top =
                shell("busybox cat /m/only; busybox ls /m", new Layers("/m", List.of(hostile), "/top", true, true));
        assertThat(outputOf(top).lines()).containsExactlyInAnyOrder("of the layerfile", "only", "top", "up");
    }

    // --- the host's directories

    @Test
    void aHostDirectoryKeepsWhatTheStepWrites() throws Exception {
        Path cache = layer("cache");
        StepSpec spec = shell("echo kept > /c/d/file", new Host("/c/d", cache, true, false));
        assertThat(run(spec).exitCode()).isZero();
        assertThat(cache.resolve("file")).hasContent("kept");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aReadOnlyHostDirectoryCannotBeWritten() throws Exception {
        Path cache = layer("cache");
        assertThat(run(shell("echo x > /c/x", new Host("/c", cache, true, true)))
                        .exitCode())
                .isNotZero();
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aDeviceInAHostDirectoryIsDead() throws Exception {
        Path cache = layer("cache");
        assertThat(new ProcessBuilder("mknod", cache.resolve("zero").toString(), "c", "1", "5")
                        .start()
                        .waitFor())
                .isZero();
        assertThat(run(shell("busybox head -c 1 /c/zero", new Host("/c", cache, true, false)))
                        .exitCode())
                .isNotZero();
    }

    // --- memory and files

    @Test
    void memoryIsEmptyForAllAndHasItsSize() throws Exception {
        StepSpec spec = shell(
                        "busybox ls /t; busybox stat -c %a /t; busybox df -k /t | busybox tail -n 1; echo x > /t/x",
                        new Memory("/t", OptionalLong.of(4 << 20), false))
                .withUser(new ProcessUser(1000, 1000, List.of()));
        assertThat(outputOf(spec)).startsWith("1777").contains("4096");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aFileHasItsContentModeAndOwnerAndCannotBeWritten() throws Exception {
        StepSpec spec = shell(
                "busybox cat /run/secrets/id; busybox stat -c '%a %u:%g' /run/secrets/id; echo x > /run/secrets/id",
                new File("/run/secrets/id", CONTENT, 0400, 5, 6));
        assertThat(run(spec).exitCode()).isNotZero();
        assertThat(output.out()).isEqualTo("the content\n400 5:6\n");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void theContentOfAFileIsNeverOnDisk() throws Exception {
        String canary = "canary-" + System.nanoTime();
        isNeverOnDisk(canary, shell(WAITING, new File("/s", canary.getBytes(StandardCharsets.UTF_8), 0400, 0, 0)));
    }

    @Test
    void aVariableIsNeverOnDisk() throws Exception {
        String canary = "canary-" + System.nanoTime();
        isNeverOnDisk(canary, shell(WAITING).withEnv(Map.of("PATH", "/bin", "TOKEN", canary)));
    }

    final void isNeverOnDisk(String canary, StepSpec spec) throws IOException, InterruptedException {
        Thread step = Thread.ofPlatform().start(() -> {
            try {
                run(spec);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        output.awaitOut("up");
        Process grep = new ProcessBuilder("grep", "-r", "-l", "-e", canary, directory.toString()).start();
        assertThat(grep.inputReader().readAllAsString()).isEmpty();
        step.join();
    }

    @Test
    void anExecutableFileIsExecuted() throws Exception {
        byte[] script = "#!/bin/busybox sh\necho ran $0\n".getBytes(StandardCharsets.UTF_8);
        StepSpec spec = shell("/dev/pipes/EOF", new File("/dev/pipes/EOF", script, 0755, 0, 0));
        assertThat(outputOf(spec)).isEqualTo("ran /dev/pipes/EOF");
    }

    // --- mount points

    @Test
    void aMountInsideAnotherIsThereWhateverTheOrder() throws Exception {
        Path cache = layer("cache");
        StepSpec spec = shell(
                "busybox ls /w; echo x > /w/in/side/x",
                new Host("/w/in/side", cache, true, false),
                new Memory("/w", OptionalLong.empty(), false));
        assertThat(outputOf(spec)).isEqualTo("in");
        assertThat(cache.resolve("x")).exists();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aLinkInTheImageLeadsToTheMountPointInsideIt() throws Exception {
        Files.createSymbolicLink(box.base().resolve("cache"), Path.of("/real/place"));
        StepSpec spec = shell("busybox ls /real/place", new Host("/cache", fullDirectory(), true, false));
        assertThat(outputOf(spec)).isEqualTo("full");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    private Path fullDirectory() throws IOException {
        Path full = layer("full");
        box.writeTo(full, "full", "");
        return full;
    }

    @Test
    void aMountPointBehindALinkToTheHostIsInTheImage() throws Exception {
        Path outside = layer("outside");
        Files.createSymbolicLink(box.base().resolve("way"), outside);
        StepSpec spec = shell("busybox ls " + outside + "/m", new Host("/way/m", fullDirectory(), true, false));
        assertThat(outputOf(spec)).isEqualTo("full");
        assertThat(outside).isEmptyDirectory();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aLinkFromAMountBackIntoTheImageMakesNothingThere() throws Exception {
        Path hostile = layer("hostile");
        Files.createSymbolicLink(hostile.resolve("back"), Path.of("/"));
        StepSpec spec = shell(
                "true", new Host("/m", hostile, true, false), new Memory("/m/back/new", OptionalLong.empty(), false));
        try {
            run(spec);
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("/m/back/new");
        }
        assertThat(hostile.resolve("new")).doesNotExist();
        assertThat(Path.of("/new")).doesNotExist();
    }

    @Test
    void cve202445310AMountPointBehindALinkInACacheMakesNothingOutside() throws Exception {
        Path cache = layer("cache");
        Path outside = layer("outside");
        Files.createSymbolicLink(cache.resolve("sub"), outside);
        StepSpec spec = shell(
                "true", new Host("/c", cache, true, false), new Memory("/c/sub/new", OptionalLong.empty(), false));
        assertThatThrownBy(() -> run(spec)).isInstanceOf(IOException.class).hasMessageContaining("/c/sub");
        assertThat(outside).isEmptyDirectory();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aFileInAMountInsideAnotherIsReadWhereItWasAskedFor() throws Exception {
        Path cache = layer("cache");
        StepSpec spec = shell(
                "busybox cat /c/deep/er/id; busybox touch /c/deep/kept",
                new Host("/c", cache, true, false),
                new File("/c/deep/er/id", CONTENT, 0400, 0, 0));
        assertThat(outputOf(spec)).isEqualTo("the content");
        assertThat(cache.resolve("deep/kept")).exists();
        assertThat(cache.resolve("deep/er/id")).isEmptyFile();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aLinkToProcIsNoMountPoint() throws Exception {
        Files.createSymbolicLink(box.base().resolve("link"), Path.of("/proc"));
        StepSpec spec = shell("true", new Memory("/link", OptionalLong.empty(), false));
        assertThatThrownBy(() -> run(spec)).isInstanceOf(IOException.class).hasMessageContaining("/proc");
    }

    @Test
    void cve202423652WhatTheStepPutsInTheWayOfAMountPointHarmsNothing() throws Exception {
        Path canary = Files.writeString(layer("canary").resolve("file"), "x");
        StepSpec spec = shell(
                "busybox umount /a/b/c; busybox mv /a /moved; busybox ln -s " + canary.getParent() + " /a; true",
                new Host("/a/b/c", fullDirectory(), true, false));
        run(spec);
        assertThat(canary).hasContent("x");
    }

    @Test
    void cve202423651AndCve202411218AMountPointInACacheThatAnotherStepSwapsStaysInside() throws Exception {
        Path cache = layer("cache");
        Path outside = layer("outside");
        Files.createDirectory(cache.resolve("sub"));
        Path link = Files.createSymbolicLink(cache.resolve("link"), outside);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(cache, link, stop));
        try {
            for (int i = 0; i < 20; i++) {
                mountInSwapped(cache, i);
            }
        } finally {
            stop.set(true);
            swapper.join();
        }
        assertThat(outside).isEmptyDirectory();
    }

    private void mountInSwapped(Path cache, int number) throws Exception {
        StepSpec spec = shell(
                "true",
                new Host("/c", cache, true, false),
                new Memory("/c/sub/new" + number, OptionalLong.empty(), false));
        try {
            run(spec);
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("/c/sub");
        }
    }

    private static void swap(Path cache, Path link, AtomicBoolean stop) {
        Path sub = cache.resolve("sub");
        Path away = cache.resolve("away");
        List<Path> order = new ArrayList<>(List.of(sub, away, link));
        try {
            while (!stop.get()) {
                Files.move(order.get(0), order.get(1));
                Files.move(order.get(2), order.get(0));
                Files.move(order.get(0), order.get(2));
                Files.move(order.get(1), order.get(0));
            }
        } catch (IOException e) {
            // A mount point was made where nothing was in this moment: the race is lost, and with it the swapping.
            return;
        }
    }

    @Test
    void nothingOfAMountStaysOnTheHost() throws Exception {
        String before = Files.readString(Path.of("/proc/self/mounts"));
        run(shell("true", stack("/m", layer("lower")), new Memory("/t", OptionalLong.empty(), false)));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).isEqualTo(before);
    }
}
