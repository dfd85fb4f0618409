package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Report;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads what a step used: from its cgroup where that counted it, else what the kernel counted of its processes. */
final class UsageReader {
    /** The files of a version 1 memory cgroup. */
    static final List<String> LEGACY_MEMORY = List.of("memory.max_usage_in_bytes");

    /** The files of a version 2 cgroup; memory.peak came with Linux 5.19. */
    static final List<String> UNIFIED = List.of("cpu.stat", "memory.peak", "io.stat");

    private static final int MOST_DIGITS = 18;

    private UsageReader() {}

    static StepUsage read(Report report) {
        Report.Used used = report.used();
        Map<String, String> files = report.readings();
        OptionalLong peak =
                number(files.getOrDefault("memory.max_usage_in_bytes", files.getOrDefault("memory.peak", "")));
        OptionalLong cpu = field(files.getOrDefault("cpu.stat", ""), "usage_usec ");
        String io = files.getOrDefault("io.stat", "");
        return new StepUsage(
                used.wall(),
                cpu.isPresent() ? Duration.of(cpu.getAsLong(), ChronoUnit.MICROS) : used.cpu(),
                peak.orElse(used.peakMemory()),
                sum(io, "rbytes=").orElse(used.bytesRead()),
                sum(io, "wbytes=").orElse(used.bytesWritten()));
    }

    private static OptionalLong field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> number(line.substring(name.length())))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    // A line for each device: 254:0 rbytes=4096 wbytes=0 ...
    private static OptionalLong sum(String text, String key) {
        OptionalLong sum = OptionalLong.empty();
        for (String word : text.split("\\s+", -1)) {
            OptionalLong value = word.startsWith(key) ? number(word.substring(key.length())) : OptionalLong.empty();
            if (value.isPresent()) {
                sum = OptionalLong.of(sum.orElse(0) + value.getAsLong());
            }
        }
        return sum;
    }

    private static OptionalLong number(String text) {
        String digits = text.strip();
        return isNumber(digits) ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_DIGITS;
    }
}
