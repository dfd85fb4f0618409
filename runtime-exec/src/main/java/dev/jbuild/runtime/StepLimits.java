package dev.jbuild.runtime;

/**
 * What a step may use.
 *
 * @param pids how many processes and threads may live at once (the cgroup's pids.max)
 */
public record StepLimits(int pids) {
    /** 4096 processes: above any real build, far below a fork bomb. */
    public static final StepLimits STANDARD = new StepLimits(4096);

    public StepLimits {
        if (pids < 1) {
            throw new IllegalArgumentException("not a limit of processes: " + pids);
        }
    }
}
