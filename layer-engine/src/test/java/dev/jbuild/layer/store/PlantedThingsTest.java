package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.store.CacheDirectories.Sharing;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever of a store is a link, a FIFO or another user's: who would use it is refused by its name, without waiting and without following. */
@Timeout(20)
class PlantedThingsTest {
    private static final Digest KEY = Digest.of("key".getBytes(StandardCharsets.US_ASCII));
    private static final String CACHE = "caches/cache-" + KEY.hex() + "-0";
    private static final String LOCK =
            "locks/" + Digest.of("lock".getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    private static final Descriptor BLOB = Descriptor.of("text/plain", "blob".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private Path root;

    /** Something that a store is used for. */
    @FunctionalInterface
    private interface Use {
        void of(Store store) throws IOException;
    }

    /** A part of a store and what it is used for; without the first five no store is opened at all. */
    private enum Part {
        INDEX("index.json"),
        LAYOUT("oci-layout"),
        COLLECTION_LOCK("locks/collect"),
        SHA512_BLOBS("blobs/sha512"),
        RUN("run"),
        BLOB_FILE("blobs/sha256/" + BLOB.digest().hex()),
        RECORD("records/" + KEY.hex()),
        DIGESTS("digests/"
                + Digest.of("/context".getBytes(StandardCharsets.UTF_8)).hex()),
        TREE("trees/tree"),
        TREE_FILES("trees/tree/fs"),
        TREE_BOOT("trees/tree/boot"),
        TREE_SYNCED("trees/synced/synced"),
        CACHE_FOLDER(CACHE),
        CACHE_FILES(CACHE + "/fs"),
        LOCK_FILE(LOCK);

        private final String path;

        Part(String path) {
            this.path = path;
        }

        void use(Store store) throws IOException {
            switch (this) {
                case INDEX, LAYOUT, COLLECTION_LOCK, SHA512_BLOBS, RUN -> {}
                case BLOB_FILE -> store.blobs().read(BLOB, 100);
                case RECORD -> store.records().get(KEY);
                case DIGESTS -> store.digests().open("/context");
                case TREE, TREE_FILES, TREE_BOOT -> store.trees().find("tree");
                case TREE_SYNCED -> store.trees().find("synced");
                case CACHE_FOLDER, CACHE_FILES -> takeCache(store);
                case LOCK_FILE -> store.lock("lock").close();
            }
        }

        boolean isNeededToOpen() {
            return compareTo(RUN) <= 0;
        }

        /** What a layer or a step leaves there may be anybody's; the folder above it is the user's alone. */
        boolean mayBelongToOthers() {
            return this == TREE_FILES || this == CACHE_FILES;
        }
    }

    @BeforeEach
    void fillStore() throws IOException {
        root = folder.resolve("store");
        try (Store store = Store.open(root, Linux.system())) {
            store.blobs().put("text/plain", "blob".getBytes(StandardCharsets.US_ASCII));
            store.records().put(KEY, "a record".getBytes(StandardCharsets.US_ASCII));
            publish(store, "synced");
            store.trees().sync();
            publish(store, "tree");
            FileDigestIndex index = store.digests().open("/context");
            index.put(EntryPath.of("f"), new FileStamp(1, 2, 3, new Timestamp(1, 0), new Timestamp(1, 0)), KEY);
            index.save();
            takeCache(store);
            store.lock("lock").close();
        }
        Files.createDirectory(root.resolve("blobs/sha512"), StoreFolders.PRIVATE_FOLDER);
        Files.createDirectory(root.resolve("run"), StoreFolders.PRIVATE_FOLDER);
    }

    static Stream<Arguments> plantedParts() {
        return Arrays.stream(Part.values())
                .flatMap(part -> Arrays.stream(Planted.values())
                        .filter(planted -> planted != Planted.FOREIGN_OWNER || !part.mayBelongToOthers())
                        .map(planted -> Arguments.of(part, planted)));
    }

    @ParameterizedTest
    @MethodSource("plantedParts")
    void isRefusedByNameWhenItIsUsed(Part part, Planted planted) throws Exception {
        planted.insteadOf(root.resolve(part.path), folder.resolve("elsewhere"));

        assertThatThrownBy(() -> use(part::use))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store's " + root.resolve(part.path) + " ")
                .hasMessageEndingWith(": refused");
    }

    @ParameterizedTest
    @MethodSource("plantedParts")
    void isNamedByACheckAndTakenOutOfTheWay(Part part, Planted planted) throws Exception {
        if (part.isNeededToOpen()) {
            return;
        }
        planted.insteadOf(root.resolve(part.path), folder.resolve("elsewhere"));

        try (Store store = Store.open(root, Linux.system())) {
            assertThat(store.check().problems()).singleElement().asString().contains(root.resolve(part.path) + " ");
            assertThat(store.check().problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("plantedParts")
    void isNotFollowedByAPruneNorByASync(Part part, Planted planted) throws Exception {
        if (part.isNeededToOpen()) {
            return;
        }
        Path elsewhere = folder.resolve("elsewhere");
        planted.insteadOf(root.resolve(part.path), elsewhere);
        FileState before = FileState.of(elsewhere);

        use(store -> {
            store.trees().sync();
            store.usage();
            store.prune(PrunePolicy.all());
        });

        assertThat(FileState.of(elsewhere)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"TREE_FILES", "CACHE_FILES"})
    void aRootOfFilesMayBelongToWhomItsLayerSays(Part part) throws Exception {
        Planted.FOREIGN_OWNER.insteadOf(root.resolve(part.path), folder);

        use(part::use);

        try (Store store = Store.open(root, Linux.system())) {
            assertThat(store.check().problems()).isEmpty();
        }
    }

    @Test
    void aMarkOfTheBootHasALimit() throws Exception {
        Files.writeString(root.resolve("trees/tree/boot"), "x".repeat(36));
        use(store -> assertThat(store.trees().look("tree")).isEmpty());
        use(store -> publish(store, "tree"));
        Files.writeString(root.resolve("trees/tree/boot"), "x".repeat(37));
        assertThatThrownBy(() -> use(store -> store.trees().look("tree")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("larger than 36 bytes");
    }

    /** What is in a folder or a file, if there is one. */
    private record FileState(boolean exists, String names) {
        static FileState of(Path path) throws IOException {
            if (!Files.isDirectory(path)) {
                return new FileState(Files.exists(path), "");
            }
            try (Stream<Path> below = Files.walk(path)) {
                return new FileState(true, below.sorted().toList().toString());
            }
        }
    }

    private void use(Use use) throws IOException {
        try (Store store = Store.open(root, Linux.system())) {
            use.of(store);
        }
    }

    private static void takeCache(Store store) throws IOException {
        store.caches().take(KEY, Sharing.SHARED, _ -> {}).close();
    }

    private static void publish(Store store, String id) throws IOException {
        try (PreparedTree tree = store.trees().prepare()) {
            Files.writeString(tree.fs().resolve("file"), "content");
            store.trees().publish(id, tree);
        }
    }
}
