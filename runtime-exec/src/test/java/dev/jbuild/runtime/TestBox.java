package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A rootfs with nothing but Debian's static busybox, as layers on disk, and the launcher that the build just made. */
final class TestBox {
    static final Map<String, String> PATH = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Path directory;
    private final List<Path> lower = new ArrayList<>();
    private int runs;

    private TestBox(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where it cannot run, and says what is missing. */
    static TestBox create(Path directory) throws IOException {
        assumeTrue(isRoot(), "needs root: the embedded runtime is tested with all its namespaces");
        assumeTrue(Files.isExecutable(BUSYBOX), "needs /bin/busybox: apt install busybox-static");
        return of(directory);
    }

    /** The same for whoever asks. */
    static TestBox of(Path directory) throws IOException {
        TestBox box = new TestBox(directory);
        Path base = box.addLayer();
        Files.createDirectories(base.resolve("bin"));
        Files.copy(BUSYBOX, base.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(base.resolve("bin/sh"), Path.of("busybox"));
        box.writeTo(base, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        Files.createDirectory(
                base.resolve("tmp"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
        Files.setPosixFilePermissions(base.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        return box;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** A new topmost layer, empty. */
    Path addLayer() throws IOException {
        Path layer = Files.createDirectory(directory.resolve("l" + lower.size()));
        Files.setPosixFilePermissions(layer, PosixFilePermissions.fromString("rwxr-xr-x"));
        lower.addFirst(layer);
        return layer;
    }

    /** The lowest layer, which has busybox. */
    Path base() {
        return lower.getLast();
    }

    void writeTo(Path layer, String file, String text) throws IOException {
        Path path = layer.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** All layers under a fresh upper directory. */
    Rootfs rootfs() throws IOException {
        Path run = Files.createDirectory(directory.resolve("r" + runs++));
        return new Rootfs(lower, Files.createDirectory(run.resolve("fs")), Files.createDirectory(run.resolve("work")));
    }

    /** A shell script as the step, without the network of the host. */
    StepSpec shell(String script) throws IOException {
        return command("/bin/busybox", "sh", "-c", script);
    }

    StepSpec command(String... argv) throws IOException {
        Map<String, String> env = new HashMap<>(PATH);
        return StepSpec.of(rootfs(), List.of(argv)).withEnv(env).withNetwork(Network.NONE);
    }

    /** What a step left in its upper directory: relative paths, sorted. */
    static List<String> changes(StepSpec spec) throws IOException {
        Path upper = spec.rootfs().upper();
        try (var files = Files.walk(upper)) {
            return files.filter(file -> !file.equals(upper))
                    .map(file -> upper.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static Launcher launcher(Path directory) throws IOException {
        return Launcher.extract(directory);
    }
}
