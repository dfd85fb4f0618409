package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.runtime.launch.ForkingStarter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A builder of one step in a JVM of its own, for tests that kill it or start it as another user. */
final class StepMain {
    private static final SearchPath PROGRAMS =
            SearchPath.of("/usr/sbin:/usr/bin:" + System.getProperty("jbuild.tools", ""));

    private StepMain() {}

    /**
     * The arguments: kind, directory for the runtime, upper, work, lower directories joined by colons, network,
     * user id, the most processes, script.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Path> lower =
                Stream.of(arguments[4].split(File.pathSeparator)).map(Path::of).toList();
        Rootfs rootfs = new Rootfs(lower, Path.of(arguments[2]), Path.of(arguments[3]));
        StepSpec spec = StepSpec.of(rootfs, List.of("/bin/busybox", "sh", "-c", arguments[8]))
                .withEnv(TestBox.PATH)
                .withNetwork(Network.valueOf(arguments[5]))
                .withUser(new ProcessUser(Long.parseLong(arguments[6]), 0, List.of()))
                .withLimits(StepLimits.ofPids(Integer.parseInt(arguments[7])));
        StepOutcome outcome = runtime(arguments[0], Path.of(arguments[1])).run(spec, new Console());
        outcome.notes().forEach(note -> System.err.println("note: " + note));
        System.exit(outcome.exitCode());
    }

    /** The runtime of that kind: embedded, or the name or the path of an OCI runtime. */
    static StepRuntime runtime(String kind, Path directory) throws IOException {
        return runtime(kind, directory, System.getenv().getOrDefault(ForkingStarter.VARIABLE, ""));
    }

    /** The same with the starter that the variable's value tells. */
    static StepRuntime runtime(String kind, Path directory, String starter) throws IOException {
        String entered = System.getenv().getOrDefault(Entered.VARIABLE, "root:");
        Launcher launcher = TestBox.launcher(directory).startedBy(starter);
        if (kind.equals("embedded")) {
            return new EmbeddedRuntime(launcher, PROGRAMS, Entered.parse(entered));
        }
        boolean isThere = kind.startsWith("/") || PROGRAMS.find(kind).isPresent();
        assumeTrue(isThere, "needs " + kind + ": apt install " + kind);
        return new OciRuntime(launcher, PROGRAMS, kind, directory);
    }

    /** Starts a JVM with this main class on the script of the spec. */
    static Process start(String kind, Path directory, StepSpec spec) throws IOException {
        return prepare(List.of(), System.getProperty("java.class.path"), kind, directory, spec)
                .redirectErrorStream(true)
                .start();
    }

    /** The JVM that runs the script, through other programs first, such as the launcher's enter. */
    static ProcessBuilder prepare(List<String> prefix, String classPath, String kind, Path directory, StepSpec spec) {
        List<String> lower = spec.rootfs().lower().stream().map(Path::toString).toList();
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Djbuild.tools=" + System.getProperty("jbuild.tools", ""),
                "-cp",
                classPath,
                StepMain.class.getName(),
                kind,
                directory.toString(),
                spec.rootfs().upper().toString(),
                spec.rootfs().work().toString(),
                String.join(File.pathSeparator, lower),
                spec.network().name(),
                Long.toString(spec.user().uid()),
                Integer.toString(spec.limits().pids()),
                script(spec.argv())));
        return new ProcessBuilder(words);
    }

    private static String script(List<String> argv) {
        return argv.contains("-c") ? argv.getLast() : String.join(" ", argv);
    }

    private static final class Console implements StepOutput {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {
            System.out.write(bytes, offset, length);
            System.out.flush();
        }

        @Override
        public void stderr(byte[] bytes, int offset, int length) {
            System.err.write(bytes, offset, length);
        }
    }
}
