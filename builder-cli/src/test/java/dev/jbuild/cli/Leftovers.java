package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What builds may leave behind on this machine: processes and mounts.
 *
 * @param directory a path that only mounts of the test hold
 * @param mark a text that the environment of the builder and of its steps holds, and nobody else's
 */
record Leftovers(Path directory, String mark) {
    private static final int PATIENCE_MILLIS = 10_000;

    /** @param what was done before, for the message */
    void requireNone(String what) throws IOException, InterruptedException {
        assertThat(processesThatStay()).as("processes " + what).isEmpty();
        String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
        assertThat(mounts.lines().filter(line -> line.contains(directory.toString())))
                .as("mounts " + what)
                .isEmpty();
    }

    /** What is still there after a while: the kernel needs a moment to end a namespace. */
    private List<String> processesThatStay() throws IOException, InterruptedException {
        List<String> left = processes();
        for (int waited = 0; !left.isEmpty() && waited < PATIENCE_MILLIS; waited += 50) {
            Thread.sleep(50);
            left = processes();
        }
        return left;
    }

    private List<String> processes() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) files::iterator) {
                if (process.getFileName().toString().matches("[0-9]+")
                        && read(process, "environ").contains(mark)) {
                    found.add(process.getFileName() + " "
                            + read(process, "cmdline").replace('\0', ' '));
                }
            }
        }
        return found;
    }

    private static String read(Path process, String file) {
        try {
            return new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
