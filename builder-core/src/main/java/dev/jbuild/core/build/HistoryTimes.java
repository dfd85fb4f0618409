package dev.jbuild.core.build;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * When each history entry was made. An entry with a layer takes the time its step ran, which a cached step keeps; one
 * without takes that of the entry before it. So an unchanged build gives an unchanged image.
 *
 * @param fallback the time of entries when this build made no layer
 * @param isFixed whether every entry takes that time (SOURCE_DATE_EPOCH)
 */
record HistoryTimes(String fallback, boolean isFixed) {
    /** @param layerTimes of the layers that this build made, lowest first */
    List<String> of(List<HistoryLine> lines, List<String> layerTimes) {
        Iterator<String> times = layerTimes.iterator();
        String time = isFixed || layerTimes.isEmpty() ? fallback : layerTimes.getFirst();
        List<String> created = new ArrayList<>();
        for (HistoryLine line : lines) {
            if (line instanceof HistoryLine.Made made && made.layer().isPresent()) {
                String ran = times.next();
                time = isFixed ? fallback : ran;
            }
            created.add(time);
        }
        return created;
    }
}
