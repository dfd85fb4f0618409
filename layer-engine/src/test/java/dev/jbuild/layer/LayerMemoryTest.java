package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LayerMemoryTest {
    @TempDir
    Path folder;

    private final LayerMemory memory = new LayerMemory(100);
    private final LayerMemory.Share one = memory.begin(() -> {});
    private final LayerMemory.Share other = memory.begin(() -> {});

    @Test
    void layersThatNeedLittleDoNotWait() throws Exception {
        new Doing(() -> {
                    one.hold(50);
                    other.hold(50);
                })
                .ends();
    }

    @Test
    void oneGoesPastWhatThereIsAndAllOthersWaitForItsEnd() throws Exception {
        other.hold(1);
        one.hold(1000);
        Doing waiting = new Doing(() -> other.hold(1));

        one.hold(1000);
        waiting.waits();
        one.close();
        waiting.ends();
    }

    @Test
    void whoWaitsGoesOnWhenThereIsRoomAgain() throws Exception {
        one.hold(101);
        Doing waiting = new Doing(() -> other.hold(60));

        waiting.waits();
        one.release(60);
        waiting.waits();
        one.release(1);
        waiting.ends();
    }

    @Test
    void aLayerThatEndsGivesBackAllThatItHad() throws Exception {
        one.hold(60);
        one.release(10);
        one.close();

        other.hold(100);
        new Doing(() -> memory.begin(() -> {}).hold(1)).ends();
    }

    /** Else the upper would wait for the lower layer and the lower one for the upper's memory. */
    @Test
    void aLayerLetsThoseBelowItComeToTheirEndBeforeItGoesPast() throws Exception {
        LayerMemory.Share lower = memory.begin(() -> {});
        AtomicInteger made = new AtomicInteger();
        LayerMemory.Share upper = memory.begin(() -> {
            lower.hold(1000);
            lower.close();
            made.incrementAndGet();
        });
        upper.hold(100);

        new Doing(() -> upper.hold(1)).ends();
        assertThat(made).hasValue(1);
    }

    @Test
    void whoNeedsNoMoreThanThereIsWaitsForNothingBelow() throws Exception {
        LayerMemory.Share upper = memory.begin(() -> {
            throw new IOException("there is room");
        });

        new Doing(() -> upper.hold(100)).ends();
    }

    @Test
    void whoIsToBeAloneWaitsForThoseBelowAndForTheOneThatIs() throws Exception {
        one.holdAlone();
        AtomicInteger made = new AtomicInteger();
        LayerMemory.Share upper = memory.begin(made::incrementAndGet);
        Doing waiting = new Doing(upper::holdAlone);

        waiting.waits();
        assertThat(made).hasValue(1);
        one.close();
        waiting.ends();
        new Doing(() -> upper.hold(1000)).ends();
    }

    @Test
    void besideTheOneThatIsAloneThereIsAsMuchAsEver() throws Exception {
        one.holdAlone();

        new Doing(() -> other.hold(100)).ends();
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        one.hold(101);
        Doing waiting = new Doing(() -> other.hold(1));

        waiting.waits();
        waiting.thread.interrupt();
        assertThat(waiting.end.handle((_, failure) -> failure).get()).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void whatIsRememberedOfATreeIsTakenBeforeItIsKept() throws Exception {
        one.hold(101);
        Path tree = Files.createDirectory(folder.resolve("tree"));
        try (TreeWriter writer =
                TreeWriter.over(Optional.empty(), Linux.system(), tree, LayerLimits.defaults(), other)) {
            Doing writing = new Doing(
                    () -> writer.put(LayerEntry.directory(EntryPath.of("d"), 0755), InputStream.nullInputStream()));

            writing.waits();
            one.close();
            writing.ends();
            writer.finish();
        }
    }

    @Test
    void whatATreeNeedNotRememberAnyMoreIsGivenBack() throws Exception {
        LayerMemory enough = new LayerMemory(193 + 4 * 194);
        LayerMemory.Share share = enough.begin(() -> {});
        Path tree = Files.createDirectory(folder.resolve("tree"));
        try (TreeWriter writer =
                TreeWriter.over(Optional.empty(), Linux.system(), tree, LayerLimits.defaults(), share)) {
            for (int i = 0; i < 10; i++) {
                writer.put(LayerEntry.directory(EntryPath.of("d"), 0755), InputStream.nullInputStream());
            }
            LayerMemory.Share beside = enough.begin(() -> {});
            new Doing(() -> beside.hold(4 * 194)).ends();
        }
    }

    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    /** On a thread of its own. */
    private static final class Doing {
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();
        private final Thread thread;

        Doing(Act act) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    act.run();
                    end.complete(true);
                } catch (IOException | Error e) {
                    end.completeExceptionally(e);
                }
            });
        }

        void waits() throws InterruptedException {
            while (thread.getState() != Thread.State.WAITING && !end.isDone()) {
                Thread.sleep(1);
            }
            assertThat(end).isNotDone();
        }

        void ends() throws Exception {
            assertThat(end.get()).isTrue();
        }
    }
}
