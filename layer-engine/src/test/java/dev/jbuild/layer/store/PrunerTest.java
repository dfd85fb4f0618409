package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.store.CacheDirectories.Sharing;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PrunerTest {
    private static final ImageName APP = ImageName.parse("app");
    private static final Digest KEY = Digest.of("key".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = folder.resolve("store");
    }

    @Test
    void namedImagesStayWhole() throws Exception {
        Descriptor image = inOneStore(store -> {
            Descriptor made = image(store, "layer");
            store.images().put(APP, made);
            return made;
        });

        assertThat(prune(true)).isEqualTo(new Freed(0, 0, 0, 0, 0));
        inOneStore(store -> {
            Manifest manifest = Manifest.parse(store.blobs().read(image, 10_000), image.mediaType(), "m");
            assertThat(store.blobs().has(manifest.config())).isTrue();
            assertThat(store.blobs().has(manifest.layers().getFirst())).isTrue();
            return manifest;
        });
    }

    @Test
    void imagesThatLostTheirNameGo() throws Exception {
        inOneStore(store -> {
            store.images().put(APP, image(store, "one"));
            store.images().put(APP, image(store, "other"));
            return store;
        });

        Freed freed = prune(false);

        // Manifest, config and layer: nothing is shared.
        assertThat(freed.blobs()).isEqualTo(3);
        assertThat(freed.bytes()).isPositive();
        try (var blobs = Files.list(root.resolve("blobs/sha256"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    @Test
    void recordsKeepWhatTheyNameUntilAllIsPruned() throws Exception {
        inOneStore(store -> {
            Descriptor blob = store.blobs().put("text/plain", new byte[] {1});
            tree(store, "tree-1");
            tree(store, "tree-2");
            String record = "{\"tree\":\"tree-1\",\"layer\":\"" + blob.digest() + "\"}";
            store.records().put(KEY, record.getBytes(StandardCharsets.US_ASCII));
            return blob;
        });

        assertThat(prune(false))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(0, 1, 0);
        assertThat(root.resolve("trees/tree-1")).exists();
        assertThat(root.resolve("trees/tree-2")).doesNotExist();

        assertThat(prune(true))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(1, 1, 1);
        assertThat(root.resolve("trees")).isEmptyDirectory();
        assertThat(root.resolve("blobs/sha256")).isEmptyDirectory();
        assertThat(root.resolve("records")).isEmptyDirectory();
    }

    @Test
    void whatAnOpenStoreMadeOrFoundStays() throws Exception {
        inOneStore(store -> tree(store, "old"));
        try (Store open = Store.open(root, Linux.system())) {
            Descriptor image = image(open, "layer");
            assertThat(open.trees().find("old")).isPresent();
            tree(open, "new");
            open.records().put(KEY, new byte[] {1});

            assertThat(prune(true)).isEqualTo(new Freed(0, 0, 0, 0, 0));
            assertThat(open.blobs().has(image)).isTrue();
        }

        assertThat(prune(true))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(3, 2, 1);
    }

    @Test
    void blobThatAnOpenStoreHasAskedForStaysAway() throws Exception {
        Descriptor blob = Descriptor.of("text/plain", new byte[] {1});
        try (Store open = Store.open(root, Linux.system())) {
            assertThat(open.blobs().has(blob)).isFalse();
            inOneStore(store -> store.blobs().put("text/plain", new byte[] {1}));

            assertThat(prune(true).blobs()).isZero();
        }
    }

    @Test
    void aTreeAndARecordOfOneIdAreToldApart() throws Exception {
        inOneStore(store -> {
            tree(store, KEY.hex());
            store.records().put(KEY, new byte[0]);
            return store;
        });

        assertThat(prune(true)).extracting(Freed::trees, Freed::records).containsExactly(1, 1);
    }

    @Test
    void lockFilesGoUnlessSomebodyHoldsThem() throws Exception {
        try (Store open = Store.open(root, Linux.system())) {
            open.lock("free").close();
            try (StoreLock _ = open.lock("held")) {
                prune(false);
                try (var files = Files.list(root.resolve("locks"))) {
                    // That one, and the pruner's own.
                    assertThat(files).hasSize(2);
                }
            }
            open.lock("free").close();
        }
    }

    @Test
    void aFilterTakesOnlyWhatWasNotUsedSince() throws Exception {
        Instant now = Instant.now();
        Path old = cached(1, 1000, now.minusSeconds(7200));
        Path recent = cached(2, 1000, now.minusSeconds(1800));

        Freed freed = prune(new PrunePolicy(true, Optional.of(now.minusSeconds(3600)), OptionalLong.empty()));

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
        Freed freed = prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(2500)));

        assertThat(freed).extracting(Freed::blobs, Freed::records).containsExactly(1, 1);
        assertThat(oldest).doesNotExist();
        assertThat(List.of(older, newest)).allMatch(Files::exists);
    }

    @Test
    void cachesOfStepsGoByAgeAsRecordsDo() throws Exception {
        Instant now = Instant.now();
        Path old = cacheOfSteps(1, 1000, now.minusSeconds(7200));
        Path recent = cacheOfSteps(2, 1000, now.minusSeconds(1800));

        assertThat(prune(PrunePolicy.unused()).caches()).isZero();
        Freed freed = prune(new PrunePolicy(true, Optional.of(now.minusSeconds(3600)), OptionalLong.empty()));

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
        Freed freed = prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(2500)));

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
        try (Store store = Store.open(root, Linux.system());
                CacheDirectory _ = store.caches().take(Digest.of(new byte[] {1}), Sharing.SHARED, _ -> {})) {
            assertThat(prune(nothingFits).caches()).isZero();
            assertThat(Files.getLastModifiedTime(cache).toInstant())
                    .isAfter(Instant.now().minusSeconds(120));
        }
        assertThat(prune(nothingFits).caches()).isOne();
    }

    @Test
    void aBudgetDoesNotCountWhatAnImageKeepsAnyway() throws Exception {
        inOneStore(store -> {
            Descriptor image = image(store, "a layer of some length".repeat(1000));
            store.images().put(APP, image);
            Manifest manifest = Manifest.parse(store.blobs().read(image, 10_000), image.mediaType(), "m");
            store.records()
                    .put(KEY, manifest.layers().getFirst().digest().toString().getBytes(StandardCharsets.US_ASCII));
            return image;
        });

        assertThat(prune(new PrunePolicy(true, Optional.empty(), OptionalLong.of(500))))
                .isEqualTo(new Freed(0, 0, 0, 0, 0));
    }

    @Test
    void aRecordThatIsFoundIsUsedNow() throws Exception {
        Instant old = Instant.now().minusSeconds(7200);
        Path record = cached(1, 10, old);

        inOneStore(store -> store.records().get(Digest.of(new byte[] {1})));

        assertThat(Files.getLastModifiedTime(record).toInstant()).isAfter(old.plusSeconds(7000));
    }

    @Test
    void aRecordUnderABlobsDigestStaysForAsLongAsAnImageNamesTheBlob() throws Exception {
        Digest layer = Digest.of("elsewhere".getBytes(StandardCharsets.US_ASCII));
        inOneStore(store -> {
            Descriptor remote = new Descriptor(MediaTypes.OCI_LAYER, layer, 9);
            Descriptor config = store.blobs().put(MediaTypes.OCI_CONFIG, "{}".getBytes(StandardCharsets.US_ASCII));
            byte[] manifest = Manifest.oci(config, List.of(remote), Map.of()).toBytes();
            store.images().put(APP, store.blobs().put(MediaTypes.OCI_MANIFEST, manifest));
            store.records().put(layer, "registry.example/base".getBytes(StandardCharsets.US_ASCII));
            return config;
        });

        assertThat(prune(true).records()).isZero();
        inOneStore(store -> store.images().remove(APP));
        assertThat(prune(true).records()).isOne();
    }

    @Test
    void aPruneEmptiesTheQuarantine() throws Exception {
        inOneStore(store -> store.root());
        Path damaged = Files.createDirectory(root.resolve("quarantine")).resolve("x");
        Files.writeString(damaged, "damaged");

        assertThat(prune(false).bytes()).isEqualTo(7);
        assertThat(damaged).doesNotExist();
    }

    @Test
    void digestsOfContextsAreForgottenWithTheRest() throws Exception {
        inOneStore(store -> {
            FileDigestIndex index = store.digests().open("/context");
            Timestamp old = new Timestamp(1, 0);
            index.put(EntryPath.of("file"), new FileStamp(1, 2, 3, old, old), KEY);
            index.save();
            return store;
        });

        prune(false);
        assertThat(root.resolve("digests")).isNotEmptyDirectory();

        prune(true);
        assertThat(root.resolve("digests")).isEmptyDirectory();
    }

    @Test
    @Timeout(60)
    void locksExcludeEvenWhileTheirFilesArePruned() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (Store store = Store.open(root, Linux.system());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> {
                    for (int turn = 0; turn < 25; turn++) {
                        try (StoreLock _ = store.lock("one")) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.sleep(1);
                            inside.decrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 30; i++) {
                StoreLock.removeUnheld(StoreFolders.open(root, Linux.system()));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(most).hasValue(1);
    }

    @Test
    @Timeout(60)
    void nothingVanishesUnderABuildWhileOthersPruneWithoutEnd() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> pruner = threads.submit(() -> {
                while (!done.get()) {
                    prune(true);
                }
                return null;
            });
            for (int i = 0; i < 30; i++) {
                byte[] content = ("content " + i).getBytes(StandardCharsets.US_ASCII);
                String id = "tree-" + i;
                inOneStore(store -> {
                    Descriptor blob = store.blobs().put("text/plain", content);
                    Path tree = tree(store, id);
                    assertThat(store.blobs().read(blob, 100)).isEqualTo(content);
                    assertThat(tree.resolve("file")).hasContent(id);
                    return blob;
                });
            }
            done.set(true);
            pruner.get();
        }
        assertThat(root.resolve("sessions")).isEmptyDirectory();
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(Store store) throws IOException;
    }

    private <T> T inOneStore(Use<T> use) throws IOException {
        try (Store store = Store.open(root, Linux.system())) {
            return use.of(store);
        }
    }

    private Freed prune(boolean all) throws IOException {
        return prune(all ? PrunePolicy.all() : PrunePolicy.unused());
    }

    private Freed prune(PrunePolicy policy) throws IOException {
        return inOneStore(store -> store.prune(policy));
    }

    /** Stores a record and the blob of so many bytes that it keeps, last used then. */
    private Path cached(int number, int bytes, Instant lastUse) throws IOException {
        Digest key = Digest.of(new byte[] {(byte) number});
        inOneStore(store -> {
            byte[] content = new byte[bytes];
            content[0] = (byte) number;
            Descriptor blob = store.blobs().put("text/plain", content);
            store.records().put(key, blob.digest().toString().getBytes(StandardCharsets.US_ASCII));
            return blob;
        });
        Path record = root.resolve("records").resolve(key.hex());
        Files.setLastModifiedTime(record, FileTime.from(lastUse));
        return record;
    }

    /** Makes a directory that steps keep, with a file of so many bytes, last used then. */
    private Path cacheOfSteps(int number, int bytes, Instant lastUse) throws IOException {
        Path cache = inOneStore(store -> {
            try (CacheDirectory made =
                    store.caches().take(Digest.of(new byte[] {(byte) number}), Sharing.SHARED, _ -> {})) {
                Files.write(made.path().resolve("file"), new byte[bytes]);
                return StoreFolders.parent(made.path());
            }
        });
        Files.setLastModifiedTime(cache, FileTime.from(lastUse));
        return cache;
    }

    private static Path tree(Store store, String id) throws IOException {
        try (PreparedTree tree = store.trees().prepare()) {
            Files.writeString(tree.fs().resolve("file"), id);
            return store.trees().publish(id, tree);
        }
    }

    private static Descriptor image(Store store, String content) throws IOException {
        Descriptor layer = store.blobs().put(MediaTypes.OCI_LAYER, content.getBytes(StandardCharsets.US_ASCII));
        ImageConfig config =
                ImageConfig.empty(Platform.parse("amd64")).withConfig(ContainerConfig.EMPTY.withEnv("A", content));
        Descriptor configBlob = store.blobs().put(MediaTypes.OCI_CONFIG, config.toBytes());
        byte[] manifest = Manifest.oci(configBlob, List.of(layer), Map.of()).toBytes();
        return store.blobs().put(MediaTypes.OCI_MANIFEST, manifest);
    }
}
