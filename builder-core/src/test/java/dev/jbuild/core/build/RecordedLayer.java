package dev.jbuild.core.build;

import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A layer's entries as lines: {@code file 644 0:0 etc/motd}, {@code symlink etc/mtab -> /proc/mounts}. */
final class RecordedLayer implements LayerSink {
    private final List<String> lines = new ArrayList<>();
    private final List<LayerEntry> entries = new ArrayList<>();
    private final Map<String, String> contents = new TreeMap<>();

    static RecordedLayer of(LayerSource source) throws IOException {
        RecordedLayer recorded = new RecordedLayer();
        source.writeTo(recorded);
        return recorded;
    }

    List<String> lines() {
        return lines;
    }

    LayerEntry entry(String path) {
        return entries.stream()
                .filter(entry -> entry.path().text().equals(path))
                .findFirst()
                .orElseThrow();
    }

    String content(String path) {
        return contents.getOrDefault(path, "");
    }

    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        entries.add(entry);
        lines.add(line(entry));
        if (entry.type() == LayerEntry.Type.FILE) {
            contents.put(entry.path().text(), new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String line(LayerEntry entry) {
        return switch (entry.type()) {
            case SYMLINK -> "symlink " + entry.path() + " -> " + entry.linkTarget();
            case HARDLINK -> "hardlink " + entry.path() + " = " + entry.hardLinkTarget();
            case WHITEOUT -> "whiteout " + entry.path();
            case OPAQUE -> "opaque " + entry.path();
            case FILE, DIRECTORY, FIFO, CHAR_DEVICE, BLOCK_DEVICE ->
                entry.type().name().toLowerCase(Locale.ROOT) + " " + Integer.toOctalString(entry.mode()) + " "
                        + entry.uid() + ":" + entry.gid() + " " + entry.path();
        };
    }
}
