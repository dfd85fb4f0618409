package dev.jbuild.runtime.confine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The system calls of one machine: their numbers, and what the default profile says of each. */
public final class SyscallTable {
    private static final String ALLOW = "allow";
    private static final int VERDICT = 3;

    private final Architecture architecture;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int highest;

    private SyscallTable(Architecture architecture) {
        this.architecture = architecture;
    }

    /** One call; {@code verdict} is {@code allow} or as {@link SyscallNumbers} explains. */
    record Entry(String name, int number, String verdict) {}

    /** The table of this machine. */
    public static SyscallTable of(Architecture architecture) {
        SyscallTable table = new SyscallTable(architecture);
        String text = SyscallNumbers.TEXT;
        int start = 0;
        for (int end = 0; end < text.length(); end++) {
            if (text.charAt(end) <= ' ') {
                table.take(text.substring(start, end));
                start = end + 1;
            }
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
        return highest;
    }

    Architecture architecture() {
        return architecture;
    }

    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    // name:number:number or name:number:number:verdict
    private void take(String row) {
        String[] fields = row.split(":", -1);
        String number = fields[architecture.column()];
        if (!number.equals("-")) {
            add(new Entry(fields[0], Integer.parseInt(number), fields.length > VERDICT ? fields[VERDICT] : ALLOW));
        }
    }

    private void add(Entry entry) {
        entries.add(entry);
        numbers.put(entry.name(), entry.number());
        highest = Math.max(highest, entry.number());
    }
}
