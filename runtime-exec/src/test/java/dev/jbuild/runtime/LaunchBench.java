package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prints what one launch costs from the JVM: {@code LaunchBench [embedded|runc] [NONE|HOST|DEFAULT] [RUNS]}. The step is
 * busybox's true in a rootfs of two layers, with all namespaces, the filter and a cgroup.
 */
final class LaunchBench {
    private static final int PERCENT = 100;

    private LaunchBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String kind = arguments.length > 0 ? arguments[0] : "embedded";
        Network network = Network.valueOf(arguments.length > 1 ? arguments[1] : "NONE");
        int runs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
        Path directory = Files.createTempDirectory("launch-bench");
        try {
            print(kind + " " + network, measure(kind, network, runs, directory));
        } finally {
            delete(directory);
        }
    }

    private static long[] measure(String kind, Network network, int runs, Path directory)
            throws IOException, InterruptedException {
        TestBox box = TestBox.create(Files.createDirectory(directory.resolve("box")));
        box.addLayer();
        StepRuntime runtime = StepMain.runtime(kind, Files.createDirectory(directory.resolve("runtime")));
        long[] nanos = new long[runs];
        for (int i = 0; i < runs; i++) {
            StepSpec spec = box.command("/bin/busybox", "true").withNetwork(network);
            long start = System.nanoTime();
            runtime.run(spec, new Captured());
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static void print(String what, long[] nanos) {
        long first = nanos[0];
        Arrays.sort(nanos);
        System.out.printf(
                "%s: first %.1f ms, fastest %.1f ms, median %.1f ms, 90%% under %.1f ms (%d launches)%n",
                what,
                millis(first),
                millis(nanos[0]),
                millis(nanos[nanos.length / 2]),
                millis(nanos[nanos.length * 90 / PERCENT]),
                nanos.length);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
