package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The windows of compressed streams that are read beside each other. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LayerWorkshopTest {
    private static final long COMMON = 8 << 20;
    private static final long LARGEST = 128 << 20;

    @TempDir
    Path folder;

    private TestBuilds builds;
    private LayerWorkshop workshop;

    @BeforeEach
    void open() throws Exception {
        builds = new TestBuilds(folder);
        workshop = builds.tools().workshop(_ -> {});
    }

    @AfterEach
    void close() throws Exception {
        builds.close();
    }

    @Test
    void streamsWithTheWindowThatEveryDecoderHasAreReadBesideEachOther() throws Exception {
        CompletableFuture<Boolean> bothAreReading = new CompletableFuture<>();
        CompletableFuture<Boolean> one = reading(COMMON, bothAreReading::join);
        CompletableFuture<Boolean> other = reading(COMMON, () -> bothAreReading.complete(true));

        assertThat(one.get() && other.get()).isTrue();
    }

    @Test
    void ofStreamsWithALargerWindowOneIsReadAtATime() throws Exception {
        CompletableFuture<Boolean> oneIsReading = new CompletableFuture<>();
        CompletableFuture<Boolean> otherMayEnd = new CompletableFuture<>();
        List<String> ended = new CopyOnWriteArrayList<>();
        CompletableFuture<Boolean> one = reading(COMMON + 1, () -> {
            oneIsReading.complete(true);
            otherMayEnd.join();
            ended.add("one");
        });
        oneIsReading.get();
        CompletableFuture<Boolean> other = reading(LARGEST, () -> ended.add("other"));

        assertThat(reading(COMMON, () -> {}).get()).as("nobody else waits").isTrue();
        assertThat(other).isNotDone();
        otherMayEnd.complete(true);
        assertThat(one.get() && other.get()).isTrue();
        assertThat(ended).containsExactly("one", "other");
    }

    @Test
    void aWindowPastTheLimitIsRefusedWithTheLimit() {
        assertThatThrownBy(() -> workshop.reading(() -> {}, (limits, _) -> read(limits, LARGEST + 1)))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageEndingWith("a window of 134217729 bytes; the limit (maxZstdWindowBytes) is 134217728");
    }

    @Test
    void whatIsRefusedForAnythingElseIsNotReadAgain() {
        List<LayerLimits> readings = new ArrayList<>();

        assertThatThrownBy(() -> workshop.reading(() -> {}, (limits, _) -> {
                    readings.add(limits);
                    // A hostile link's target, as rules tell it, is no limit.
                    throw new RefusedLayerException("layer", "", "a hard link to (maxZstdWindowBytes)");
                }))
                .isInstanceOf(RefusedLayerException.class);
        assertThat(readings).hasSize(1);
    }

    /** Else it would be alone, and wait for the layer below, which waits to be. */
    @Test
    void aLayerWhoseLowerOneIsRefusedForItsWindowIsNotReadAgain() {
        List<LayerLimits> readings = new ArrayList<>();

        assertThatThrownBy(() -> workshop.reading(() -> {}, (limits, _) -> {
                    readings.add(limits);
                    return workshop.reading(() -> {}, (lowerLimits, _) -> read(lowerLimits, LARGEST + 1));
                }))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageEndingWith("is 134217728");
        assertThat(readings).hasSize(1);
    }

    /** What reads a stream, from when it has been let to have its window. */
    private CompletableFuture<Boolean> reading(long window, Runnable then) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                end.complete(workshop.reading(() -> {}, (limits, _) -> {
                    read(limits, window);
                    then.run();
                    return true;
                }));
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private static boolean read(LayerLimits limits, long window) throws RefusedLayerException {
        if (window > limits.maxZstdWindowBytes()) {
            throw new RefusedLayerException(
                    "layer",
                    "",
                    "a window of " + window + " bytes; the limit (maxZstdWindowBytes) is "
                            + limits.maxZstdWindowBytes(),
                    Optional.of(new LayerLimit("maxZstdWindowBytes", limits.maxZstdWindowBytes())));
        }
        return true;
    }
}
