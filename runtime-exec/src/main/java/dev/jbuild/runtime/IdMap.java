package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ids that exist in this process's user namespace (uid_map, gid_map in user_namespaces(7)). */
record IdMap(List<Range> ranges) {
    private static final long ALL = 0xffff_ffffL;

    record Range(long first, long count) {}

    IdMap {
        ranges = List.copyOf(ranges);
    }

    /** Reads lines of {@code first-inside first-outside count}. */
    static IdMap read(Path file) throws IOException {
        List<Range> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.strip().split(" +", -1);
            ranges.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[2])));
        }
        return new IdMap(ranges);
    }

    boolean contains(long id) {
        return ranges.stream().anyMatch(range -> id >= range.first && id - range.first < range.count);
    }

    /** Whether root is the only id. */
    boolean isSingle() {
        return contains(0) && !contains(1);
    }

    /** Whether this is the machine's own numbering, outside of any user namespace. */
    boolean isWhole() {
        return ranges.equals(List.of(new Range(0, ALL)));
    }
}
