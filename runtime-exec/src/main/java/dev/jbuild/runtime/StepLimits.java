package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Launch.Limit;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a step may use.
 *
 * @param pids how many processes and threads may live at once
 * @param memory bytes of memory, the page cache included; empty for as much as there is
 * @param memorySwap bytes of memory and swap together, {@link #UNLIMITED} for any swap; empty for twice the memory
 * @param shmBytes the size of /dev/shm
 * @param diskBytes how much the step may write below its root; {@link #UNLIMITED} for as much as fits
 * @param ulimits limits of each process, which win over the box's own
 */
public record StepLimits(
        int pids,
        OptionalLong memory,
        OptionalLong memorySwap,
        CpuLimits cpu,
        long shmBytes,
        long diskBytes,
        List<Limit> ulimits) {
    /** No limit, where a limit of bytes is asked for. */
    public static final long UNLIMITED = -1;

    private static final int STANDARD_PIDS = 4096;
    private static final long STANDARD_SHM = 64L << 20;
    private static final long STANDARD_DISK = 32L << 30;

    /** The kernel gives no cgroup less than this a chance to start a program, and Docker refuses it too. */
    private static final long LEAST_MEMORY = 6L << 20;

    /** 4096 processes: above any real build, far below a fork bomb; and the 32 GiB that a layer may have. */
    public static final StepLimits STANDARD = new StepLimits(
            STANDARD_PIDS,
            OptionalLong.empty(),
            OptionalLong.empty(),
            CpuLimits.NONE,
            STANDARD_SHM,
            STANDARD_DISK,
            List.of());

    public StepLimits {
        ulimits = List.copyOf(ulimits);
        if (pids < 1) {
            throw new IllegalArgumentException("not a limit of processes: " + pids);
        }
        if (memory.isPresent() && memory.getAsLong() < LEAST_MEMORY) {
            throw new IllegalArgumentException("a step needs at least 6 MiB of memory, not " + memory.getAsLong());
        }
        if (shmBytes < 1) {
            throw new IllegalArgumentException("not a size of /dev/shm: " + shmBytes);
        }
        checkSwap(memory, memorySwap);
    }

    /** The standard ones with another limit of processes. */
    public static StepLimits ofPids(int pids) {
        return STANDARD.withPids(pids);
    }

    public StepLimits withPids(int newPids) {
        return new StepLimits(newPids, memory, memorySwap, cpu, shmBytes, diskBytes, ulimits);
    }

    public StepLimits withMemory(long bytes, OptionalLong withSwap) {
        return new StepLimits(pids, OptionalLong.of(bytes), withSwap, cpu, shmBytes, diskBytes, ulimits);
    }

    public StepLimits withCpu(CpuLimits newCpu) {
        return new StepLimits(pids, memory, memorySwap, newCpu, shmBytes, diskBytes, ulimits);
    }

    public StepLimits withShmBytes(long bytes) {
        return new StepLimits(pids, memory, memorySwap, cpu, bytes, diskBytes, ulimits);
    }

    public StepLimits withDiskBytes(long bytes) {
        return new StepLimits(pids, memory, memorySwap, cpu, shmBytes, bytes, ulimits);
    }

    public StepLimits withUlimits(List<Limit> newUlimits) {
        return new StepLimits(pids, memory, memorySwap, cpu, shmBytes, diskBytes, newUlimits);
    }

    private static void checkSwap(OptionalLong memory, OptionalLong memorySwap) {
        if (memorySwap.isEmpty() || memorySwap.getAsLong() == UNLIMITED) {
            return;
        }
        if (memory.isEmpty()) {
            throw new IllegalArgumentException("a limit of memory and swap needs a limit of memory too");
        }
        if (memorySwap.getAsLong() < memory.getAsLong()) {
            throw new IllegalArgumentException("memory and swap together (" + memorySwap.getAsLong()
                    + ") cannot be less than the memory (" + memory.getAsLong() + ")");
        }
    }
}
