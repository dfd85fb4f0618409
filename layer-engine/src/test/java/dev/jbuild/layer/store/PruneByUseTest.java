package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.store.CacheDirectories.Sharing;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a prune takes by the time of its last use, and by its size. */
class PruneByUseTest {
    private final PrunableStore stored;

    PruneByUseTest(@TempDir Path folder) {
        stored = new PrunableStore(folder.resolve("store"));
    }

    @Test
    void aFilterTakesOnlyWhatWasNotUsedSince() throws Exception {
        Instant now = Instant.now();
        Path old = cached(1, 1000, now.minusSeconds(7200));
        Path recent = cached(2, 1000, now.minusSeconds(1800));

        Freed freed = stored.prune(new PrunePolicy(true, Optional.of(now.minusSeconds(3600)), OptionalLong.empty()));

        assertThat(freed).extracting(Freed::blobs, Freed::records).containsExactly(1, 1);
        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void aBudgetIsSpentOnWhatWasUsedLast() throws Exception {
        Instant now = Instant.now();
        Path oldest = cached(1, 1000, now.minusSeconds(300));
        Path older = cached(2, 1000, now.minusSeconds(200));
        Path newest = cached(3, 1000, now.minusSeconds(100));

        // A record has a checksum and a digest beside its blob's thousand bytes.
        Freed freed = stored.prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(2500)));

        assertThat(freed).extracting(Freed::blobs, Freed::records).containsExactly(1, 1);
        assertThat(oldest).doesNotExist();
        assertThat(List.of(older, newest)).allMatch(Files::exists);
    }

    @Test
    void cachesOfStepsGoByAgeAsRecordsDo() throws Exception {
        Instant now = Instant.now();
        Path old = cacheOfSteps(1, 1000, now.minusSeconds(7200));
        Path recent = cacheOfSteps(2, 1000, now.minusSeconds(1800));

        assertThat(stored.prune(PrunePolicy.unused()).caches()).isZero();
        Freed freed = stored.prune(new PrunePolicy(true, Optional.of(now.minusSeconds(3600)), OptionalLong.empty()));

        assertThat(freed).isEqualTo(new Freed(0, 0, 0, 1, 1000));
        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void cachesOfStepsAndRecordsShareABudget() throws Exception {
        Instant now = Instant.now();
        Path oldest = cacheOfSteps(1, 1000, now.minusSeconds(400));
        Path older = cached(2, 1000, now.minusSeconds(300));
        Path newer = cacheOfSteps(3, 1000, now.minusSeconds(200));
        Path newest = cached(4, 1000, now.minusSeconds(100));

        // A record has a checksum and a digest beside its blob's thousand bytes.
        Freed freed = stored.prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(2500)));

        assertThat(freed)
                .extracting(Freed::blobs, Freed::records, Freed::caches)
                .containsExactly(1, 1, 1);
        assertThat(List.of(oldest, older)).noneMatch(Files::exists);
        assertThat(List.of(newer, newest)).allMatch(Files::exists);
    }

    @Test
    void aCacheThatIsTakenIsUsedNowAndStaysWhileItIs() throws Exception {
        Path cache = cacheOfSteps(1, 1000, Instant.EPOCH);
        PrunePolicy nothingFits = new PrunePolicy(true, Optional.empty(), OptionalLong.of(0));
        try (Store store = Store.open(stored.root, Linux.system());
                CacheDirectory _ = store.caches().take(Digest.of(new byte[] {1}), Sharing.SHARED, _ -> {})) {
            assertThat(stored.prune(nothingFits).caches()).isZero();
            assertThat(Files.getLastModifiedTime(cache).toInstant())
                    .isAfter(Instant.now().minusSeconds(120));
        }
        assertThat(stored.prune(nothingFits).caches()).isOne();
    }

    @Test
    void aBudgetDoesNotCountWhatAnImageKeepsAnyway() throws Exception {
        stored.inOneStore(store -> {
            Descriptor image = PrunableStore.image(store, "a layer of some length".repeat(1000));
            store.images().put(PrunableStore.APP, image);
            Manifest manifest = Manifest.parse(store.blobs().read(image, 10_000), image.mediaType(), "m");
            store.records()
                    .put(
                            PrunableStore.KEY,
                            manifest.layers().getFirst().digest().toString().getBytes(StandardCharsets.US_ASCII));
            return image;
        });

        assertThat(stored.prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(500))))
                .isEqualTo(new Freed(0, 0, 0, 0, 0));
    }

    @Test
    void aRecordThatIsFoundIsUsedNow() throws Exception {
        Instant old = Instant.now().minusSeconds(7200);
        Path record = cached(1, 10, old);

        stored.inOneStore(store -> store.records().get(Digest.of(new byte[] {1})));

        assertThat(Files.getLastModifiedTime(record).toInstant()).isAfter(old.plusSeconds(7000));
    }

    /** Stores a record and the blob of so many bytes that it keeps, last used then. */
    private Path cached(int number, int bytes, Instant lastUse) throws IOException {
        Digest key = Digest.of(new byte[] {(byte) number});
        stored.inOneStore(store -> {
            byte[] content = new byte[bytes];
            content[0] = (byte) number;
            Descriptor blob = store.blobs().put("text/plain", content);
            store.records().put(key, blob.digest().toString().getBytes(StandardCharsets.US_ASCII));
            return blob;
        });
        Path record = stored.root.resolve("records").resolve(key.hex());
        Files.setLastModifiedTime(record, FileTime.from(lastUse));
        return record;
    }

    /** Makes a directory that steps keep, with a file of so many bytes, last used then. */
    private Path cacheOfSteps(int number, int bytes, Instant lastUse) throws IOException {
        Path cache = stored.inOneStore(store -> {
            try (CacheDirectory made =
                    store.caches().take(Digest.of(new byte[] {(byte) number}), Sharing.SHARED, _ -> {})) {
                Files.write(made.path().resolve("file"), new byte[bytes]);
                return StoreFolders.parent(made.path());
            }
        });
        Files.setLastModifiedTime(cache, FileTime.from(lastUse));
        return cache;
    }
}
