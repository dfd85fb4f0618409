package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    /**
     * In a process of its own, collected as the shipped program is.
     *
     * @param out a file for what it prints
     */
    static Ended run(Path out, int heapMib, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseTransparentHugePages",
                // As many layers are unpacked beside each other as on any machine.
                "-XX:ActiveProcessorCount=8",
                "-Xmx" + heapMib + "m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredJbuild.class.getName()));
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            int code = process.waitFor();
            List<String> lines = Files.readAllLines(out);
            assertThat(lines).as("exit code " + code).last().asString().matches("\\d+");
            return new Ended(code, lines.subList(0, lines.size() - 1), Long.parseLong(lines.getLast()) >> 10);
        } finally {
            process.destroyForcibly();
        }
    }
}
