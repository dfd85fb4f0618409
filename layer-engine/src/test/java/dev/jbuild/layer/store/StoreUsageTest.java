package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.store.StoreUsage.Item;
import dev.jbuild.layer.store.StoreUsage.Need;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreUsageTest {
    @TempDir
    Path folder;

    @Test
    void tellsWhatKeepsEachThing() throws Exception {
        Descriptor shared;
        Descriptor cached;
        Descriptor loose;
        try (Store store = open()) {
            shared = store.blobs().put(MediaTypes.OCI_LAYER, new byte[1000]);
            store.images().put(ImageName.parse("one"), image(store, "1", shared));
            store.images().put(ImageName.parse("same"), image(store, "1", shared));
            store.images().put(ImageName.parse("two"), image(store, "2", shared));
            cached = store.blobs().put(MediaTypes.OCI_LAYER, new byte[2000]);
            byte[] record = cached.digest().toString().getBytes(StandardCharsets.US_ASCII);
            store.records().put(Digest.of(record), record);
            loose = store.blobs().put(MediaTypes.OCI_LAYER, new byte[3000]);
        }
        try (Store store = open()) {
            assertThat(item(store, shared))
                    .extracting(Item::need, Item::bytes, Item::images, Item::isShared, Item::isReclaimable)
                    .containsExactly(Need.IMAGE, 1000L, 2, true, false);
            assertThat(item(store, cached))
                    .extracting(Item::need, Item::bytes, Item::images, Item::isReclaimable)
                    .containsExactly(Need.CACHE, 2000L, 0, true);
            assertThat(item(store, loose)).extracting(Item::need).isEqualTo(Need.NOTHING);
            assertThat(store.blobs().has(loose)).isTrue();
            assertThat(item(store, loose)).extracting(Item::need).isEqualTo(Need.BUILD);
        }
    }

    @Test
    void aThingWasUsedWhenARecordThatNamesItWas() throws Exception {
        Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
        Instant lately = Instant.parse("2021-01-01T00:00:00Z");
        try (Store store = open()) {
            Descriptor blob = store.blobs().put(MediaTypes.OCI_LAYER, new byte[10]);
            byte[] record = blob.digest().toString().getBytes(StandardCharsets.US_ASCII);
            Digest key = Digest.of(record);
            store.records().put(key, record);
            Files.setLastModifiedTime(store.blobs().path(blob.digest()), FileTime.from(longAgo));
            Files.setLastModifiedTime(store.root().resolve("records").resolve(key.hex()), FileTime.from(lately));

            assertThat(item(store, blob).lastUse()).isEqualTo(lately);
        }
    }

    @Test
    void aTreeCountsEachFileOnce() throws Exception {
        try (Store store = open();
                PreparedTree tree = store.trees().prepare()) {
            Path file = Files.write(
                    Files.createDirectories(tree.fs().resolve("a/b")).resolve("f"), new byte[700]);
            Files.createLink(tree.fs().resolve("again"), file);
            store.trees().publish("tree", tree);

            Item item = store.usage().items().getFirst();
            assertThat(item.kind()).isEqualTo("tree");
            // And the file that says in which boot the tree was made.
            assertThat(item.bytes()).isEqualTo(700 + 36);
        }
    }

    @Test
    void aCacheOfStepsIsInUseOrOfTheCache() throws Exception {
        Digest name = Digest.of(new byte[0]);
        try (Store store = open()) {
            try (CacheDirectory cache = store.caches().take(name, CacheDirectories.Sharing.SHARED, _ -> {})) {
                Files.write(cache.path().resolve("f"), new byte[700]);
                assertThat(store.usage().items())
                        .singleElement()
                        .extracting(Item::kind, Item::bytes, Item::need, Item::isReclaimable)
                        .containsExactly("cache", 700L, Need.BUILD, false);
            }
            assertThat(store.usage().items())
                    .singleElement()
                    .extracting(Item::kind, Item::id, Item::bytes, Item::images, Item::need, Item::isReclaimable)
                    .containsExactly("cache", "cache-" + name.hex() + "-0", 700L, 0, Need.CACHE, true);
        }
    }

    @Test
    void whatACheckHasPutAsideIsNeededByNothing() throws Exception {
        try (Store store = open()) {
            Descriptor blob = store.blobs().put(MediaTypes.OCI_LAYER, new byte[10]);
            store.images().put(ImageName.parse("one"), image(store, "1", blob));
            Files.write(store.blobs().path(blob.digest()), new byte[11]);
            store.check();

            List<Item> damaged = store.usage().items().stream()
                    .filter(item -> item.kind().equals("damaged"))
                    .toList();

            // The image still names it; that does not bring it back.
            assertThat(damaged)
                    .singleElement()
                    .extracting(Item::id, Item::bytes, Item::need, Item::isReclaimable)
                    .containsExactly(blob.digest().hex(), 11L, Need.NOTHING, true);
            assertThat(store.prune(PrunePolicy.unused()).bytes()).isEqualTo(11);
            assertThat(store.usage().items()).noneMatch(item -> item.kind().equals("damaged"));
        }
    }

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), Linux.system());
    }

    private static Item item(Store store, Descriptor blob) throws IOException {
        return store.usage().items().stream()
                .filter(item ->
                        item.id().equals(blob.digest().hex()) && item.kind().equals("blob"))
                .findFirst()
                .orElseThrow();
    }

    private static Descriptor image(Store store, String config, Descriptor layer) throws IOException {
        Descriptor document = store.blobs().put(MediaTypes.OCI_CONFIG, config.getBytes(StandardCharsets.US_ASCII));
        byte[] manifest = Manifest.oci(document, List.of(layer), Map.of()).toBytes();
        return store.blobs().put(MediaTypes.OCI_MANIFEST, manifest);
    }
}
