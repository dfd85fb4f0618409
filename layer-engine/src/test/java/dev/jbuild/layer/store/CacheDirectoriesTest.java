package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.store.CacheDirectories.Filling;
import dev.jbuild.layer.store.CacheDirectories.Sharing;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CacheDirectoriesTest {
    private static final Digest NAME = Digest.of("name".getBytes(StandardCharsets.UTF_8));
    private static final Filling EMPTY = directory -> {};

    @TempDir
    Path folder;

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), Linux.system());
    }

    @Test
    void whatAStepLeavesIsThereForTheNext() throws Exception {
        try (Store store = open();
                CacheDirectory cache = store.caches().take(NAME, Sharing.SHARED, EMPTY)) {
            Files.writeString(cache.path().resolve("file"), "kept");
        }
        try (Store store = open();
                CacheDirectory cache = store.caches().take(NAME, Sharing.LOCKED, EMPTY)) {
            assertThat(cache.path().resolve("file")).hasContent("kept");
        }
    }

    @Test
    void whoHasOneIdHasCachesOfHisOwn() throws Exception {
        Path root = folder.resolve("store");
        try (Store mapped = open();
                Store single = Store.open(root, Linux.recordingOwners());
                CacheDirectory cache = mapped.caches().take(NAME, Sharing.LOCKED, EMPTY);
                CacheDirectory other = single.caches().take(NAME, Sharing.LOCKED, EMPTY)) {
            Files.writeString(cache.path().resolve("file"), "owned by a mapped id");
            assertThat(other.path()).isEmptyDirectory();
        }
        try (Store mapped = open()) {
            mapped.prune(PrunePolicy.all());
        }
        assertThat(root.resolve("caches")).isEmptyDirectory();
    }

    @Test
    void onlyANewDirectoryIsFilled() throws Exception {
        try (Store store = open()) {
            for (String text : new String[] {"first", "second"}) {
                Filling filling = directory -> Files.writeString(directory.resolve("seed"), text);
                try (CacheDirectory cache = store.caches().take(NAME, Sharing.SHARED, filling)) {
                    assertThat(cache.path().resolve("seed")).hasContent("first");
                }
            }
        }
    }

    @Test
    void whatCannotBeFilledLeavesNothing() throws Exception {
        try (Store store = open()) {
            Filling failing = directory -> {
                Files.writeString(directory.resolve("half"), "");
                throw new IOException("disk full");
            };
            assertThatThrownBy(() -> store.caches().take(NAME, Sharing.SHARED, failing))
                    .hasMessage("disk full");
            try (CacheDirectory cache = store.caches().take(NAME, Sharing.PRIVATE, EMPTY)) {
                assertThat(cache.path()).isEmptyDirectory();
            }
        }
    }

    @Test
    void theSharedAreOneAndThePrivateEachAnother() throws Exception {
        try (Store store = open();
                Store other = open();
                CacheDirectory first = store.caches().take(NAME, Sharing.SHARED, EMPTY);
                CacheDirectory second = other.caches().take(NAME, Sharing.SHARED, EMPTY);
                CacheDirectory alone = other.caches().take(NAME, Sharing.PRIVATE, EMPTY);
                CacheDirectory lonely = store.caches().take(NAME, Sharing.PRIVATE, EMPTY);
                CacheDirectory third = store.caches().take(NAME, Sharing.SHARED, EMPTY)) {
            assertThat(second.path()).isEqualTo(first.path());
            assertThat(third.path()).isEqualTo(first.path());
            assertThat(alone.path()).isNotEqualTo(first.path());
            assertThat(lonely.path()).isNotEqualTo(first.path()).isNotEqualTo(alone.path());
        }
    }

    @Test
    void aPrivateOneIsUsedAgainOnceItIsFree() throws Exception {
        try (Store store = open()) {
            Path first;
            try (CacheDirectory cache = store.caches().take(NAME, Sharing.PRIVATE, EMPTY)) {
                first = cache.path();
            }
            try (CacheDirectory cache = store.caches().take(NAME, Sharing.PRIVATE, EMPTY)) {
                assertThat(cache.path()).isEqualTo(first);
            }
        }
    }

    @Test
    void whoWantsALockedOneWaits() throws Exception {
        try (Store store = open()) {
            CacheDirectory held = store.caches().take(NAME, Sharing.LOCKED, EMPTY);
            Future<CacheDirectory> waiting = CompletableFuture.supplyAsync(() -> take(store));
            Thread.sleep(200);
            assertThat(waiting.isDone()).isFalse();
            held.close();
            try (CacheDirectory cache = waiting.get()) {
                assertThat(cache.path()).isEqualTo(held.path());
            }
        }
    }

    private static CacheDirectory take(Store store) {
        try {
            return store.caches().take(NAME, Sharing.LOCKED, EMPTY);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() throws Exception {
        try (Store store = open();
                CacheDirectory _ = store.caches().take(NAME, Sharing.LOCKED, EMPTY)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.caches().take(NAME, Sharing.LOCKED, EMPTY))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aLockDiesWithItsProcess() throws Exception {
        try (Store store = open()) {
            Path path;
            try (CacheDirectory cache = store.caches().take(NAME, Sharing.LOCKED, EMPTY)) {
                path = cache.path();
            }
            Process holder = CacheHolder.start(folder.resolve("store"), NAME);
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            try (CacheDirectory other = store.caches().take(NAME, Sharing.PRIVATE, EMPTY)) {
                assertThat(other.path()).isNotEqualTo(path);
            }
            holder.destroyForcibly().waitFor();
            try (CacheDirectory same = store.caches().take(NAME, Sharing.LOCKED, EMPTY)) {
                assertThat(same.path()).isEqualTo(path);
            }
        }
    }

    @Test
    void pruningAllTakesWhatNobodyUses() throws Exception {
        try (Store store = open();
                CacheDirectory used = store.caches().take(NAME, Sharing.SHARED, EMPTY)) {
            Digest other = Digest.of(new byte[0]);
            try (CacheDirectory unused = store.caches().take(other, Sharing.SHARED, EMPTY)) {
                Files.writeString(unused.path().resolve("file"), "12345");
            }
            assertThat(store.prune(PrunePolicy.unused()).caches()).isZero();
            Freed freed = store.prune(PrunePolicy.all());
            assertThat(freed.caches()).isEqualTo(1);
            assertThat(freed.bytes()).isEqualTo(5);
            assertThat(used.path()).exists();
            try (CacheDirectory again = store.caches().take(other, Sharing.SHARED, EMPTY)) {
                assertThat(again.path()).isEmptyDirectory();
            }
        }
    }
}
