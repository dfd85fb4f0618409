package dev.jbuild.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program: jbuild, and on standard output then the most memory that it took, in KiB. */
final class MeasuredJbuild {
    /** What a process may take beside its heap. */
    static final int BESIDE_MIB = 256;

    private MeasuredJbuild() {}

    /**
     * How a run ended.
     *
     * @param lines what it printed, both streams
     */
    record Ended(int code, List<String> lines, long peakMib) {}

    public static void main(String[] words) throws IOException {
        int code = Main.run(words);
        // VmHWM is the most memory the process ever had (proc_pid_status(5)).
        System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", ""));
        System.exit(code);
    }

    /** In a process of its own, collected as the shipped program is. */
    static Ended run(int heapMib, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseTransparentHugePages",
                "-Xmx" + heapMib + "m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredJbuild.class.getName()));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            List<String> lines = process.inputReader(StandardCharsets.UTF_8).readAllLines();
            return new Ended(
                    process.waitFor(), lines.subList(0, lines.size() - 1), Long.parseLong(lines.getLast()) >> 10);
        } finally {
            process.destroyForcibly();
        }
    }
}
