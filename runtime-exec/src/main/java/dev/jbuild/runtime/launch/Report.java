package dev.jbuild.runtime.launch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the launcher told when the step was over.
 *
 * @param exitCode the command's own, or 128 + signal; 126 and 127 when it could not be executed
 * @param notStarted why it could not be executed
 * @param notes what the box lacks
 * @param noNetwork why the network program failed; the command was not started then, and exitCode means nothing
 * @param limits the sentences of the limits that it met
 * @param used what the kernel counted of its processes
 * @param readings the content of the files of its cgroups, by their names
 */
public record Report(
        int exitCode,
        Optional<String> notStarted,
        List<String> notes,
        Optional<String> noNetwork,
        List<String> limits,
        Used used,
        Map<String, String> readings) {
    /** What getrusage(2) says of the command and all that was reaped with it; peakMemory is its largest process's. */
    public record Used(Duration wall, Duration cpu, long peakMemory, long bytesRead, long bytesWritten) {
        /** Of a command that was not started. */
        public static final Used NOTHING = new Used(Duration.ZERO, Duration.ZERO, 0, 0, 0);
    }

    public Report {
        notes = List.copyOf(notes);
        limits = List.copyOf(limits);
        readings = Map.copyOf(readings);
    }

    /** Of a command that met no limit and of whose use nothing is known. */
    public Report(int exitCode, Optional<String> notStarted, List<String> notes, Optional<String> noNetwork) {
        this(exitCode, notStarted, notes, noNetwork, List.of(), Used.NOTHING, Map.of());
    }

    /** The same with another end: its exit code, and why it could not be executed. */
    public Report withEnd(int newExitCode, Optional<String> newNotStarted) {
        return new Report(newExitCode, newNotStarted, notes, noNetwork, limits, used, readings);
    }
}
