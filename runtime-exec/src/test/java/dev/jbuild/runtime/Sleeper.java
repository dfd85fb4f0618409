package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A sleep of a step that no other process on the machine can be taken for: its seconds carry the test run's own pid. */
record Sleeper(int seconds) {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    /** What a step's shell runs. */
    String command() {
        return "busybox sleep " + time();
    }

    String time() {
        return seconds + "." + ProcessHandle.current().pid();
    }

    /** The processes that sleep, as the host numbers them; shells that will start them do not count. */
    List<Long> pids() {
        return pidsWith("sleep\0" + time() + "\0");
    }

    /** Waits for the process: a step that has printed its last words may not have started it yet. */
    long awaitPid() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        List<Long> found = pids();
        // Looked for once only: a process that becomes another program is for a moment not to be seen.
        while (found.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
            found = pids();
        }
        return found.getFirst();
    }

    /** The processes of the machine with this text in their command line, whose words end in NUL characters. */
    static List<Long> pidsWith(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).contains(text))
                .filter(pid -> pid != ProcessHandle.current().pid())
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
