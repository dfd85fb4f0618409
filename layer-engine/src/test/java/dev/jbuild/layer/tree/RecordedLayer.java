package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A layer in memory: written by hand in a test, or caught from a source. */
final class RecordedLayer implements LayerSource, LayerSink {
    private final List<Recorded> entries = new ArrayList<>();

    private record Recorded(LayerEntry entry, byte[] content) {}

    static RecordedLayer of(LayerSource source) throws IOException {
        RecordedLayer layer = new RecordedLayer();
        source.writeTo(layer);
        return layer;
    }

    RecordedLayer file(String path, String content) {
        return file(EntryPath.of(path), content);
    }

    RecordedLayer file(EntryPath path, String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return add(LayerEntry.file(path, 0644, bytes.length), bytes);
    }

    RecordedLayer directory(String path) {
        return add(LayerEntry.directory(EntryPath.of(path), 0755));
    }

    RecordedLayer symlink(String path, String target) {
        return add(LayerEntry.symlink(EntryPath.of(path), Bytes.of(target)));
    }

    RecordedLayer hardLink(String path, String target) {
        return add(LayerEntry.hardLink(EntryPath.of(path), EntryPath.of(target)));
    }

    RecordedLayer whiteout(String path) {
        return add(LayerEntry.whiteout(EntryPath.of(path)));
    }

    RecordedLayer opaque(String path) {
        return add(LayerEntry.opaque(EntryPath.of(path)));
    }

    RecordedLayer fileWithXattrs(String path, Map<String, Bytes> xattrs) {
        return add(LayerEntry.file(EntryPath.of(path), 0644, 0).withXattrs(new TreeMap<>(xattrs)));
    }

    RecordedLayer add(LayerEntry entry) {
        return add(entry, new byte[0]);
    }

    RecordedLayer add(LayerEntry entry, byte[] content) {
        entries.add(new Recorded(entry, content));
        return this;
    }

    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        entries.add(new Recorded(entry, content.readAllBytes()));
    }

    @Override
    public void writeTo(LayerSink sink) throws IOException {
        for (Recorded recorded : entries) {
            sink.put(recorded.entry(), new ByteArrayInputStream(recorded.content()));
        }
    }

    void forEach(BiConsumer<LayerEntry, byte[]> action) {
        entries.forEach(recorded -> action.accept(recorded.entry(), recorded.content()));
    }

    List<LayerEntry> entries() {
        return entries.stream().map(Recorded::entry).toList();
    }

    /** Type and path of each entry, as {@code FILE a/b}. */
    List<String> summary() {
        return entries.stream()
                .map(recorded ->
                        recorded.entry().type() + " " + recorded.entry().path())
                .toList();
    }
}
