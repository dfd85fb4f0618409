package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.OpenFiles;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a layer that is being written asks for what lies below it. */
class LowerTreeTest {
    private static final Linux LINUX = Linux.system();

    @TempDir
    Path folder;

    private final LowerTree lower = new LowerTree(this::open);
    private int opened;
    private Optional<IOException> failure = Optional.empty();
    private TreeWriter writer;

    @BeforeEach
    void beginALayer() throws IOException {
        Files.createDirectories(folder.resolve("lower/known"));
        Files.writeString(folder.resolve("lower/file"), "content");
        writer = TreeWriter.over(
                Optional.of(lower),
                LINUX,
                Files.createDirectory(folder.resolve("upper")),
                LayerLimits.defaults(),
                LayerMemory.ofOneLayer());
    }

    @AfterEach
    void close() {
        writer.close();
        lower.close();
    }

    @Test
    void aLayerThatDescribesItsDirectoriesAsksForNothingBeforeItsEnd() throws Exception {
        put(directory("own"));
        put(file("own/file"));
        put(file("top"));
        assertThat(opened).isZero();

        writer.finish();
        assertThat(opened).isOne();
    }

    @Test
    void whatIsRemovedIsAskedForAtOnce() throws Exception {
        put(LayerEntry.whiteout(EntryPath.of("known")));

        assertThat(opened).isOne();
    }

    @Test
    void aParentThatTheLayerDoesNotDescribeIsAskedForWhenItIsNeeded() throws Exception {
        put(file("known/file"));
        put(file("known/other"));

        assertThat(opened).isOne();
    }

    @Test
    void aLinkToAFileOfBelowIsAskedForWhenItIsNeeded() throws Exception {
        put(LayerEntry.hardLink(EntryPath.of("link"), EntryPath.of("file")));

        assertThat(opened).isOne();
        assertThat(folder.resolve("upper/link")).hasContent("content");
    }

    @Test
    void whatFailsBelowFailsTheLayer() throws Exception {
        failure = Optional.of(new IOException("the layer below is refused"));
        put(file("top"));

        assertThatThrownBy(() -> put(file("known/file"))).hasMessage("the layer below is refused");
        assertThatThrownBy(writer::finish).hasMessage("the layer below is refused");
    }

    @Test
    void whatWasOpenedIsClosed() throws Exception {
        put(file("known/file"));
        writer.finish();
        assertThat(OpenFiles.all()).anyMatch(file -> file.startsWith(folder));

        writer.close();
        lower.close();

        assertThat(OpenFiles.all()).noneMatch(file -> file.startsWith(folder));
    }

    @Test
    void whatWasNotOpenedNeedNotBeClosed() {
        lower.close();

        assertThat(opened).isZero();
    }

    private StackedTree open() throws IOException {
        opened++;
        if (failure.isPresent()) {
            throw failure.get();
        }
        return StackedTree.open(LINUX, List.of(folder.resolve("lower")));
    }

    private void put(LayerEntry entry) throws IOException {
        writer.put(entry, InputStream.nullInputStream());
    }

    private static LayerEntry directory(String name) {
        return LayerEntry.directory(EntryPath.of(name), 0755);
    }

    private static LayerEntry file(String name) {
        return LayerEntry.file(EntryPath.of(name), 0644, 0);
    }
}
