package dev.jbuild.runtime;

import java.time.Duration;

/**
 * What a step used.
 *
 * @param wall from the start of its command to its end
 * @param cpu of all its processes, user and system
 * @param peakMemory bytes: of the whole step with its page cache where it had a cgroup with the memory controller, else of its
 *     largest process
 * @param bytesRead from disks, not from the page cache
 * @param bytesWritten towards disks
 */
public record StepUsage(Duration wall, Duration cpu, long peakMemory, long bytesRead, long bytesWritten) {
    /** Of a step of which nothing was counted. */
    public static final StepUsage NOTHING = new StepUsage(Duration.ZERO, Duration.ZERO, 0, 0, 0);
}
