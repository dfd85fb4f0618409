package dev.jbuild.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program: jbuild, and on standard output then the most memory that it took, in KiB. */
final class MeasuredJbuild {
    private MeasuredJbuild() {}

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
}
