package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.linux.Linux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRootTest {
    @TempDir
    private Path folder;

    @Test
    void belowADirectoryThatIsMadeNothingIsLookedFor() throws Exception {
        Files.writeString(folder.resolve("file"), "x");
        StackedTree tree = StackedTree.open(Linux.system(), List.of(folder));
        TreeRoot root = new TreeRoot(tree);
        assertThat(root.find(EntryPath.of("file"))).isPresent();
        root.beforeMaking(LayerEntry.directory(EntryPath.of("app/src"), 0755));
        // From here on whoever looks fails.
        tree.close();

        assertThat(root.find(EntryPath.of("app/src/deep/file"))).isEmpty();
        assertThatThrownBy(() -> root.find(EntryPath.of("app/other"))).isInstanceOf(IllegalStateException.class);
    }
}
