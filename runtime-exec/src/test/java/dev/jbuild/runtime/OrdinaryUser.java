package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An ordinary user, nobody, who runs steps in a JVM that {@code launcher enter} started, with and without subordinate ids. */
final class OrdinaryUser {
    private static final int NOBODY = 65_534;

    // As the administrator would: these files are the machine's, so they are covered in a mount namespace of the test.
    private static final String BECOME_NOBODY = """
            mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid && shift &&
            exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
            """;

    private final Path directory;
    private final Path runtime;
    private final Path subordinate;

    private OrdinaryUser(Path directory, Path runtime, Path subordinate) {
        this.directory = directory;
        this.runtime = runtime;
        this.subordinate = subordinate;
    }

    /** Without subordinate ids at first; skips the test where it cannot run, and says what is missing. */
    static OrdinaryUser in(Path directory) throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/newuidmap")), "needs newuidmap: apt install uidmap");
        assumeTrue(Files.exists(Path.of("/etc/subuid")), "needs /etc/subuid to exist: apt install uidmap");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new OrdinaryUser(
                directory,
                Files.createDirectory(directory.resolve("runtime")),
                Files.writeString(directory.resolve("subordinate"), ""));
    }

    void giveSubordinateIds() throws IOException {
        Files.writeString(subordinate, "nobody:200000:65536\n");
    }

    /** What the JVM of nobody prints, and how it ends. */
    record Result(int exitCode, String output) {}

    Result run(StepSpec spec) throws IOException, InterruptedException {
        Process process = builder(spec).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.strip());
    }

    /** A runtime whose steps are this user's. */
    StepRuntime runtime() {
        return (spec, output) -> {
            Path errors = Files.createTempFile("jbuild-errors", "");
            Process process = builder(spec).redirectError(errors.toFile()).start();
            byte[] printed = process.getInputStream().readAllBytes();
            output.stdout(printed, 0, printed.length);
            byte[] said = Files.readAllBytes(errors);
            output.stderr(said, 0, said.length);
            Files.delete(errors);
            return new StepOutcome(process.waitFor(), Optional.empty(), List.of());
        };
    }

    private ProcessBuilder builder(StepSpec spec) throws IOException {
        List<String> prefix = prefix();
        return StepMain.prepare(prefix, classes().toString(), "embedded", runtime, spec);
    }

    /** Where this user finds the classes of jbuild and of these tests. */
    Path classes() {
        return directory.resolve("classes");
    }

    /** What starts a program as this user, through the launcher's enter. */
    List<String> prefix() throws IOException {
        Path classes = classes();
        if (!Files.exists(classes)) {
            copyClasses(Files.createDirectory(classes));
        }
        giveTo(NOBODY, directory);
        return Stream.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        BECOME_NOBODY,
                        "sh",
                        subordinate.toString(),
                        launcher(classes),
                        "enter",
                        "--")
                .toList();
    }

    private static void copyClasses(Path classes) throws IOException {
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path path = Path.of(entry);
            // The rest of the class path may lie where nobody cannot read it, and is not needed.
            if (Files.isDirectory(path)) {
                copy(path, classes);
            } else if (entry.endsWith(".jar") && path.getFileName().toString().startsWith("linux-syscalls")) {
                try (FileSystem jar = FileSystems.newFileSystem(path)) {
                    copy(jar.getPath("/"), classes);
                }
            }
        }
    }

    private static String launcher(Path classes) throws IOException {
        Path launcher = Launcher.extract(classes).file();
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launcher.toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void giveTo(int id, Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                return visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
