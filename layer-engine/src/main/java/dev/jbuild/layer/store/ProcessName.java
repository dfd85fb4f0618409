package dev.jbuild.layer.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names this process so that whoever finds its files knows whose they are: boot, process id, start time. */
final class ProcessName {
    private ProcessName() {}

    static String ofThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String pid = stat.substring(0, stat.indexOf(' '));
        // Field 22 of proc_pid_stat(5), counted from the name's closing parenthesis: the name may hold anything.
        String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        return bootId().substring(0, 8) + "-" + pid + "-" + start;
    }

    /** The kernel's name of its present run (random(4)). */
    static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }
}
