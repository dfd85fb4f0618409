package dev.jbuild.runtime;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prints what it costs the JVM to run busybox's true: as a plain process, which is the floor; by {@code unshare}; and as a
 * step in a rootfs of two layers with all namespaces, the filter and a cgroup where one can be written, by way of the starter
 * and without it. All take turns, so that they meet the same moods of the machine. {@code LaunchBench [RUNS]} as root does it
 * as root, then as nobody with and without subordinate ids.
 */
final class LaunchBench {
    private static final String TRUE = "/bin/busybox true";
    private static final String WITHIN = "within";
    private static final int WARM_UP = 20;

    private LaunchBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[arguments.length - 1]) : 200;
        if (arguments.length > 2 && arguments[0].equals(WITHIN)) {
            measure(contenders(Path.of(arguments[1])), runs);
            return;
        }
        Path directory = Files.createTempDirectory("launch-bench");
        try {
            asRoot(directory, runs);
            asNobody("mapped: ", directory, true, runs);
            asNobody("single id: ", directory, false, runs);
        } finally {
            delete(directory);
        }
    }

    private static void asRoot(Path directory, int runs) throws IOException, InterruptedException {
        Path home = Files.createDirectory(directory.resolve("root"));
        String launcher = TestBox.launcher(home).file().toString();
        run("root: ", List.of(launcher, "enter", "--"), System.getProperty("java.class.path"), home, runs);
    }

    private static void asNobody(String who, Path directory, boolean mapped, int runs)
            throws IOException, InterruptedException {
        Path home = Files.createDirectory(directory.resolve(mapped ? "mapped" : "single"));
        Files.setAttribute(directory, "unix:mode", 0755);
        OrdinaryUser user = OrdinaryUser.in(home);
        if (mapped) {
            user.giveSubordinateIds();
        }
        run(who, user.prefix(), System.getProperty("java.class.path") + ":" + user.classes(), home, runs);
    }

    /** In a JVM of its own, started through the launcher as jbuild is. */
    private static void run(String who, List<String> prefix, String classPath, Path home, int runs)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        words.addAll(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", classPath));
        words.addAll(List.of(LaunchBench.class.getName(), WITHIN, home.toString(), Integer.toString(runs)));
        Process process =
                new ProcessBuilder(words).redirectError(Redirect.INHERIT).start();
        process.inputReader().lines().forEach(line -> System.out.println(who + line));
        process.waitFor();
    }

    private interface Once {
        void run() throws IOException, InterruptedException;
    }

    private record Contender(String name, Once once) {}

    private static List<Contender> contenders(Path directory) throws IOException {
        boolean isRoot = Entered.parse(System.getenv(Entered.VARIABLE)).rung() == Entered.Rung.ROOT;
        String unshare = isRoot ? "unshare -mpiunf " : "unshare -Urmpiunf ";
        TestBox box = TestBox.of(Files.createDirectory(directory.resolve("layers")));
        box.addLayer();
        Path state = Files.createDirectory(directory.resolve("state"));
        List<Contender> all = new ArrayList<>();
        all.add(new Contender("a plain process", () -> start(TRUE)));
        all.add(new Contender(unshare.strip(), () -> start(unshare + TRUE)));
        all.add(step("a step", box, StepMain.runtime("embedded", state)));
        all.add(step("a step without the starter", box, StepMain.runtime("embedded", state, "")));
        if (isRoot && Files.exists(Path.of("/usr/sbin/runc"))) {
            all.add(step("a step by runc", box, StepMain.runtime("runc", state)));
        }
        return all;
    }

    private static Contender step(String name, TestBox box, StepRuntime runtime) {
        return new Contender(name, () -> runtime.run(box.command(TRUE.split(" ", -1)), new Captured()));
    }

    private static void start(String command) throws IOException, InterruptedException {
        new ProcessBuilder(command.split(" ", -1))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    private static void measure(List<Contender> contenders, int runs) throws IOException, InterruptedException {
        long[][] nanos = new long[contenders.size()][runs];
        for (int run = -WARM_UP; run < runs; run++) {
            for (int i = 0; i < contenders.size(); i++) {
                long start = System.nanoTime();
                contenders.get(i).once().run();
                nanos[i][Math.max(run, 0)] = System.nanoTime() - start;
            }
        }
        for (int i = 0; i < contenders.size(); i++) {
            print(contenders.get(i).name(), nanos[i]);
        }
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%-36s median %6.1f ms, 95%% under %6.1f ms, fastest %6.1f ms (%d launches)%n",
                what,
                millis(nanos[nanos.length / 2]),
                millis(nanos[nanos.length * 95 / 100]),
                millis(nanos[0]),
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
