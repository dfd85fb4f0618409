package dev.jbuild.cli;

import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** An image's history as a table, the latest step first. */
final class HistoryTable {
    private static final int SHORT_ID = 12;
    private static final int SHORT_INSTRUCTION = 60;

    private final Instant now;
    private final boolean inFull;

    HistoryTable(Instant now, boolean inFull) {
        this.now = now;
        this.inFull = inFull;
    }

    String of(ImageConfig config) {
        Table table = new Table("LAYER", "CREATED", "CREATED BY", "COMMENT");
        for (String[] row : rows(config)) {
            table.row(row);
        }
        return table.toString();
    }

    /** The entries that left a layer answer to the layers in order. */
    private List<String[]> rows(ImageConfig config) {
        Iterator<Digest> layers = config.diffIds().iterator();
        List<String[]> rows = new ArrayList<>();
        for (History entry : config.history()) {
            String layer = !entry.emptyLayer() && layers.hasNext() ? layer(layers.next()) : "-";
            rows.add(new String[] {
                layer,
                Humanly.age(entry.created(), now),
                instruction(entry.createdBy()),
                Printable.line(entry.comment())
            });
        }
        Collections.reverse(rows);
        return rows;
    }

    private String layer(Digest diffId) {
        return inFull ? diffId.toString() : diffId.hex().substring(0, SHORT_ID);
    }

    private String instruction(String text) {
        String line = Printable.line(text);
        return inFull || line.length() <= SHORT_INSTRUCTION ? line : line.substring(0, SHORT_INSTRUCTION - 1) + "…";
    }
}
