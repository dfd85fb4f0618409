package dev.jbuild.layer.image;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.tree.ImageOutline;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stack of layers keeps to: each can be unpacked over those below it, and is well made beyond that, with nothing twice
 * and parents first.
 */
final class LayerRules implements LayerSink {
    /** More would help nobody. */
    private static final int MOST_PROBLEMS = 20;

    private final List<String> problems = new ArrayList<>();
    private final ImageOutline outline;
    private String layer = "";

    /** A layer was refused: what builds on it can be read, but not be judged. */
    private boolean isBroken;

    LayerRules(LayerLimits limits) {
        this.outline = new ImageOutline(limits, this::tell);
    }

    /** Reads the next layer up, to its end or to what it is refused for. */
    void read(String name, LayerSource source) {
        layer = name;
        try {
            source.writeTo(this);
            outline.finishLayer();
        } catch (IOException e) {
            isBroken = true;
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    List<String> problems() {
        return problems;
    }

    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        if (!isBroken) {
            outline.put(entry, content);
        }
    }

    private void tell(EntryPath path, String what) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(layer + ": " + path + " " + what);
        }
    }
}
