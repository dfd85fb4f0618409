package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A layer in the making, and the names that its files share. */
class LayerDraftTest {
    private final KnownTree below = new KnownTree();
    private final LayerDraft draft = new LayerDraft(below);

    @Test
    void theNameThatComesFirstCarriesTheContent() throws IOException {
        draft.put(file("z", "content"));
        draft.link(EntryPath.of("m"), EntryPath.of("z"), Timestamp.EPOCH);
        draft.link(EntryPath.of("a"), EntryPath.of("m"), Timestamp.EPOCH);

        RecordedLayer layer = RecordedLayer.of(draft.layer());
        assertThat(layer.lines()).containsExactly("file 644 0:0 a", "hardlink m = a", "hardlink z = a");
        assertThat(layer.content("a")).isEqualTo("content");
    }

    @Test
    void aFileThatIsReplacedLeavesItsContentToItsOtherNames() throws IOException {
        draft.put(file("a", "old"));
        draft.link(EntryPath.of("b"), EntryPath.of("a"), Timestamp.EPOCH);
        draft.link(EntryPath.of("c"), EntryPath.of("a"), Timestamp.EPOCH);
        draft.put(file("a", "new"));

        RecordedLayer layer = RecordedLayer.of(draft.layer());
        assertThat(layer.lines()).containsExactly("file 644 0:0 a", "file 644 0:0 b", "hardlink c = b");
        assertThat(layer.content("a")).isEqualTo("new");
        assertThat(layer.content("b")).isEqualTo("old");
    }

    @Test
    void aFileInThePlaceOfADirectoryTakesItsContentsAway() throws IOException {
        draft.create(LayerEntry.directory(EntryPath.of("d"), 0755));
        draft.put(file("d/x", ""));
        draft.put(file("d-after", ""));
        draft.put(file("d", ""));

        assertThat(RecordedLayer.of(draft.layer()).lines()).containsExactly("file 644 0:0 d", "file 644 0:0 d-after");
    }

    @Test
    void aDirectoryThatIsPutAgainKeepsItsContents() throws IOException {
        draft.create(LayerEntry.directory(EntryPath.of("d"), 0755));
        draft.put(file("d/x", ""));
        draft.put(CopyItem.empty(LayerEntry.directory(EntryPath.of("d"), 0700)));

        assertThat(RecordedLayer.of(draft.layer()).lines()).containsExactly("directory 700 0:0 d", "file 644 0:0 d/x");
    }

    @Test
    void whatLiesBelowIsFoundUntilItIsReplaced() throws IOException {
        below.file("etc");

        assertThat(draft.find(EntryPath.of("etc")).orElseThrow().type()).isEqualTo(LayerEntry.Type.FILE);
        draft.put(CopyItem.empty(LayerEntry.directory(EntryPath.of("etc"), 0755)));
        assertThat(draft.isDirectory(EntryPath.of("etc"))).isTrue();
    }

    private static CopyItem file(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return CopyItem.of(LayerEntry.file(EntryPath.of(path), 0644, bytes.length), bytes);
    }
}
