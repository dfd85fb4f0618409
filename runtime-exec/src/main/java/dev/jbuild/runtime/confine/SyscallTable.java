package dev.jbuild.runtime.confine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The system calls of one machine: their numbers, and what the default profile says of each. */
public final class SyscallTable {
    private static final String RESOURCE = "syscalls.tsv";
    private static final int FIELDS = 4;

    private final Architecture architecture;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private SyscallTable(Architecture architecture) {
        this.architecture = architecture;
    }

    /** One call; {@code verdict} as the head of the table explains. */
    record Entry(String name, int number, String verdict) {}

    /** Reads the table of this machine from the room's jar. */
    public static SyscallTable of(Architecture architecture) {
        SyscallTable table = new SyscallTable(architecture);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                table.take(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE + " from the jar", e);
        }
        return table;
    }

    /** The number of a call, if this machine has it. */
    public OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** The highest number that is known here: calls above it are younger than the profile. */
    int highest() {
        return entries.stream().mapToInt(Entry::number).max().orElseThrow();
    }

    Architecture architecture() {
        return architecture;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    private void take(String line) {
        if (line.startsWith("#")) {
            return;
        }
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalStateException(RESOURCE + " has a line without " + FIELDS + " fields: " + line);
        }
        String number = fields[architecture.column()];
        if (!number.equals("-")) {
            entries.add(new Entry(fields[0], Integer.parseInt(number), fields[3]));
            numbers.put(fields[0], Integer.valueOf(number));
        }
    }

    private static InputStream resource() {
        InputStream table = SyscallTable.class.getResourceAsStream(RESOURCE);
        if (table == null) {
            throw new IllegalStateException(RESOURCE + " is missing from the jar");
        }
        return table;
    }
}
