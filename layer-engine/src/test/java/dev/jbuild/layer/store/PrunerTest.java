package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LockMode;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PrunerTest {
    private final PrunableStore stored;

    PrunerTest(@TempDir Path folder) {
        stored = new PrunableStore(folder.resolve("store"));
    }

    @Test
    void namedImagesStayWhole() throws Exception {
        Descriptor image = stored.inOneStore(store -> {
            Descriptor made = PrunableStore.image(store, "layer");
            store.images().put(PrunableStore.APP, made);
            return made;
        });

        assertThat(stored.prune(true)).isEqualTo(new Freed(0, 0, 0, 0, 0));
        stored.inOneStore(store -> {
            Manifest manifest = Manifest.parse(store.blobs().read(image, 10_000), image.mediaType(), "m");
            assertThat(store.blobs().has(manifest.config())).isTrue();
            assertThat(store.blobs().has(manifest.layers().getFirst())).isTrue();
            return manifest;
        });
    }

    /** Its build is at its end when the pruner begins: what that had noted is gone, and the image's name there. */
    @Test
    void imagesThatAreNamedWhileAPrunerWaitsStayWhole() throws Exception {
        Descriptor layer = stored.inOneStore(
                store -> store.blobs().put(MediaTypes.OCI_LAYER, "layer".getBytes(StandardCharsets.US_ASCII)));
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Freed> pruned;
            try (Fd _ = CollectionLock.take(new StoreFolders(stored.root, Linux.system()), LockMode.SHARED)) {
                pruned = other.submit(() -> stored.prune(true));
                awaitGrave();
                stored.inOneStore(store -> {
                    store.images().put(PrunableStore.APP, PrunableStore.image(store, "layer"));
                    return store;
                });
            }

            assertThat(pruned.get().blobs()).isZero();
        }
        assertThat(stored.root.resolve("blobs/sha256").resolve(layer.digest().hex()))
                .exists();
    }

    /** A pruner makes that before it takes the lock. */
    private void awaitGrave() throws Exception {
        while (true) {
            try (var sessions = Files.find(stored.root.resolve("sessions"), 3, (path, _) -> path.endsWith("CACHE"))) {
                if (sessions.findAny().isPresent()) {
                    return;
                }
            } catch (UncheckedIOException e) {
                // A session ended while its folder was listed.
            }
            Thread.sleep(1);
        }
    }

    @Test
    void imagesThatLostTheirNameGo() throws Exception {
        stored.inOneStore(store -> {
            store.images().put(PrunableStore.APP, PrunableStore.image(store, "one"));
            store.images().put(PrunableStore.APP, PrunableStore.image(store, "other"));
            return store;
        });

        Freed freed = stored.prune(false);

        // Manifest, config and layer: nothing is shared.
        assertThat(freed.blobs()).isEqualTo(3);
        assertThat(freed.bytes()).isPositive();
        try (var blobs = Files.list(stored.root.resolve("blobs/sha256"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    @Test
    void recordsKeepWhatTheyNameUntilAllIsPruned() throws Exception {
        stored.inOneStore(store -> {
            Descriptor blob = store.blobs().put("text/plain", new byte[] {1});
            PrunableStore.tree(store, "tree-1");
            PrunableStore.tree(store, "tree-2");
            String record = "{\"tree\":\"tree-1\",\"layer\":\"" + blob.digest() + "\"}";
            store.records().put(PrunableStore.KEY, record.getBytes(StandardCharsets.US_ASCII));
            return blob;
        });

        assertThat(stored.prune(false))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(0, 1, 0);
        assertThat(stored.root.resolve("trees/tree-1")).exists();
        assertThat(stored.root.resolve("trees/tree-2")).doesNotExist();

        assertThat(stored.prune(true))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(1, 1, 1);
        assertThat(stored.root.resolve("trees")).isEmptyDirectory();
        assertThat(stored.root.resolve("blobs/sha256")).isEmptyDirectory();
        assertThat(stored.root.resolve("records")).isEmptyDirectory();
    }

    @Test
    void whatAnOpenStoreMadeOrFoundStays() throws Exception {
        stored.inOneStore(store -> PrunableStore.tree(store, "old"));
        try (Store open = Store.open(stored.root, Linux.system())) {
            Descriptor image = PrunableStore.image(open, "layer");
            assertThat(open.trees().find("old")).isPresent();
            PrunableStore.tree(open, "new");
            open.records().put(PrunableStore.KEY, new byte[] {1});

            assertThat(stored.prune(true)).isEqualTo(new Freed(0, 0, 0, 0, 0));
            assertThat(open.blobs().has(image)).isTrue();
        }

        assertThat(stored.prune(true))
                .extracting(Freed::blobs, Freed::trees, Freed::records)
                .containsExactly(3, 2, 1);
    }

    @Test
    void blobThatAnOpenStoreHasAskedForStaysAway() throws Exception {
        Descriptor blob = Descriptor.of("text/plain", new byte[] {1});
        try (Store open = Store.open(stored.root, Linux.system())) {
            assertThat(open.blobs().has(blob)).isFalse();
            stored.inOneStore(store -> store.blobs().put("text/plain", new byte[] {1}));

            assertThat(stored.prune(true).blobs()).isZero();
        }
    }

    @Test
    void aTreeAndARecordOfOneIdAreToldApart() throws Exception {
        stored.inOneStore(store -> {
            PrunableStore.tree(store, PrunableStore.KEY.hex());
            store.records().put(PrunableStore.KEY, new byte[0]);
            return store;
        });

        assertThat(stored.prune(true)).extracting(Freed::trees, Freed::records).containsExactly(1, 1);
    }

    @Test
    void lockFilesGoUnlessSomebodyHoldsThem() throws Exception {
        try (Store open = Store.open(stored.root, Linux.system())) {
            open.lock("free").close();
            try (StoreLock _ = open.lock("held")) {
                stored.prune(false);
                try (var files = Files.list(stored.root.resolve("locks"))) {
                    // That one, and the pruner's own.
                    assertThat(files).hasSize(2);
                }
            }
            open.lock("free").close();
        }
    }

    @Test
    void aRecordUnderABlobsDigestStaysForAsLongAsAnImageNamesTheBlob() throws Exception {
        Digest layer = Digest.of("elsewhere".getBytes(StandardCharsets.US_ASCII));
        stored.inOneStore(store -> {
            Descriptor remote = new Descriptor(MediaTypes.OCI_LAYER, layer, 9);
            Descriptor config = store.blobs().put(MediaTypes.OCI_CONFIG, "{}".getBytes(StandardCharsets.US_ASCII));
            byte[] manifest = Manifest.oci(config, List.of(remote), Map.of()).toBytes();
            store.images().put(PrunableStore.APP, store.blobs().put(MediaTypes.OCI_MANIFEST, manifest));
            store.records().put(layer, "registry.example/base".getBytes(StandardCharsets.US_ASCII));
            return config;
        });

        assertThat(stored.prune(true).records()).isZero();
        stored.inOneStore(store -> store.images().remove(PrunableStore.APP));
        assertThat(stored.prune(true).records()).isOne();
    }

    @Test
    void aPruneEmptiesTheQuarantine() throws Exception {
        stored.inOneStore(store -> store.root());
        Path damaged = Files.createDirectory(stored.root.resolve("quarantine")).resolve("x");
        Files.writeString(damaged, "damaged");

        assertThat(stored.prune(false).bytes()).isEqualTo(7);
        assertThat(damaged).doesNotExist();
    }

    @Test
    void digestsOfContextsAreForgottenWithTheRest() throws Exception {
        stored.inOneStore(store -> {
            FileDigestIndex index = store.digests().open("/context");
            Timestamp old = new Timestamp(1, 0);
            index.put(EntryPath.of("file"), new FileStamp(1, 2, 3, old, old), PrunableStore.KEY);
            index.save();
            return store;
        });

        stored.prune(false);
        assertThat(stored.root.resolve("digests")).isNotEmptyDirectory();

        stored.prune(true);
        assertThat(stored.root.resolve("digests")).isEmptyDirectory();
    }

    @Test
    @Timeout(60)
    void locksExcludeEvenWhileTheirFilesArePruned() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (Store store = Store.open(stored.root, Linux.system());
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
                StoreLock.removeUnheld(StoreFolders.open(stored.root, Linux.system()));
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
                    stored.prune(true);
                }
                return null;
            });
            for (int i = 0; i < 30; i++) {
                byte[] content = ("content " + i).getBytes(StandardCharsets.US_ASCII);
                String id = "tree-" + i;
                stored.inOneStore(store -> {
                    Descriptor blob = store.blobs().put("text/plain", content);
                    Path tree = PrunableStore.tree(store, id);
                    assertThat(store.blobs().read(blob, 100)).isEqualTo(content);
                    assertThat(tree.resolve("file")).hasContent(id);
                    return blob;
                });
            }
            done.set(true);
            pruner.get();
        }
        assertThat(stored.root.resolve("sessions")).isEmptyDirectory();
    }
}
