package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.linux.Linux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeStoreTest {
    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void publishedTreeIsFoundUnderAShortPath() throws Exception {
        Path root = publish("abc-1", "one");

        assertThat(root).isEqualTo(store.root().resolve("trees/abc-1/fs"));
        assertThat(store.trees().find("abc-1")).contains(root);
        assertThat(root.resolve("file")).hasContent("one");
        assertThat(root.resolveSibling("work")).doesNotExist();
    }

    @Test
    void rootIsOpenToTheUsersOfAStepWhateverTheUmask() throws Exception {
        try (PreparedTree tree = store.trees().prepare()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.fs())))
                    .isEqualTo("rwxr-xr-x");
            assertThat(tree.work()).isEmptyDirectory();
        }
    }

    @Test
    void treesOfWhoHasOneIdAreNoneForOthersAndStayReachable() throws Exception {
        try (Store recording = Store.open(folder.resolve("store"), Linux.recordingOwners())) {
            try (PreparedTree tree = recording.trees().prepare()) {
                recording.trees().publish("abc-1", tree);
            }
            assertThat(recording.trees().find("abc-1")).isPresent();
            assertThat(store.trees().find("abc-1")).isEmpty();
            store.prune(PrunePolicy.all());
            assertThat(recording.trees().find("abc-1")).isPresent();
        }
        reopen();
        assertThat(store.prune(PrunePolicy.all()).trees()).isEqualTo(1);
    }

    @Test
    void aFreeIdIsTheOneAskedForUntilATreeHasIt() throws Exception {
        assertThat(store.trees().freeId("abc-1")).isEqualTo("abc-1");
        publish("abc-1", "one");

        String second = store.trees().freeId("abc-1");
        assertThat(store.trees().freeId("abc-1")).isNotEqualTo(second);
        publish(second, "two");
        assertThat(store.trees().find(second).orElseThrow().resolve("file")).hasContent("two");
        assertThat(store.trees().find("abc-1").orElseThrow().resolve("file")).hasContent("one");
    }

    @Test
    void firstOfTwoThatMakeOneTreeWins() throws Exception {
        publish("a", "first");
        publish("a", "second");

        assertThat(store.trees().find("a").orElseThrow().resolve("file")).hasContent("first");
        try (var trees = Files.list(store.root().resolve("trees"))) {
            assertThat(trees).hasSize(1);
        }
    }

    @Test
    void unpublishedTreeIsRemoved() throws Exception {
        Path fs;
        try (PreparedTree tree = store.trees().prepare()) {
            fs = tree.fs();
            Files.writeString(fs.resolve("file"), "x");
        }

        assertThat(fs).doesNotExist();
        assertThat(store.trees().find("a")).isEmpty();
    }

    @Test
    void treeOfAnotherBootIsGoneUnlessItWasSynced() throws Exception {
        publish("synced", "x");
        store.trees().sync();
        publish("unsynced", "x");
        for (String id : new String[] {"synced", "unsynced"}) {
            Files.writeString(store.root().resolve("trees").resolve(id).resolve("boot"), "another boot");
        }
        reopen();

        assertThat(store.trees().find("synced")).isPresent();
        assertThat(store.trees().find("unsynced")).isEmpty();
        assertThat(store.root().resolve("trees/unsynced")).doesNotExist();
    }

    @Test
    void remnantOfAnotherBootGivesWayToANewTree() throws Exception {
        publish("a", "remnant");
        Files.delete(store.root().resolve("trees/a/boot"));
        reopen();

        publish("a", "new");

        assertThat(store.trees().find("a").orElseThrow().resolve("file")).hasContent("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../x", "A", "a b", "a\n", "\u00e4"})
    void refusesIdsThatCouldLeadAstray(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> store.trees().find(id));
    }

    private void reopen() throws Exception {
        store.close();
        store = Store.open(store.root(), Linux.system());
    }

    private Path publish(String id, String content) throws Exception {
        try (PreparedTree tree = store.trees().prepare()) {
            Files.writeString(tree.fs().resolve("file"), content);
            return store.trees().publish(id, tree);
        }
    }
}
