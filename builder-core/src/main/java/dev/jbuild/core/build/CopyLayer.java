package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.TreeMap;

/** The recipe of a layer: which entries, from where. Nothing is read before it is written somewhere. */
record CopyLayer(TreeMap<EntryPath, CopyItem> items) implements LayerSource {
    @Override
    public void writeTo(LayerSink sink) throws IOException {
        for (CopyItem item : items.values()) {
            try (InputStream content = item.content().open()) {
                sink.put(item.entry(), content);
            }
        }
    }
}
