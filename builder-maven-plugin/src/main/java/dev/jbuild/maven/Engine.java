package dev.jbuild.maven;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** jbuild as a process of its own: it needs namespaces and a JVM that Maven does not have. */
final class Engine implements AutoCloseable {
    private static final String LAUNCHER = "dev/jbuild/runtime/jbuild-launcher";
    private static final String MAIN = "dev.jbuild.cli.Main";

    private final List<String> command;
    private final Optional<Path> temporary;

    private Engine(List<String> command, Optional<Path> temporary) {
        this.command = command;
        this.temporary = temporary;
    }

    /** @throws IOException when {@code home} is not the directory of a distribution */
    static Engine ofDistribution(Path home) throws IOException {
        Path program = home.resolve("bin/jbuild");
        if (!Files.isExecutable(program)) {
            throw new IOException("jbuild.home is no distribution of jbuild: there is no program " + program);
        }
        return new Engine(List.of(program.toString()), Optional.empty());
    }

    /**
     * The engine from jars.
     *
     * @param jdk home of a JDK 25 or later
     * @param jars the class path, with the launcher in one of them
     * @param directory where the launcher is put while the engine runs
     */
    static Engine ofJars(Path jdk, List<Path> jars, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path launcher = Files.createTempFile(
                directory,
                "launcher",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.write(launcher, launcher(jars));
        String classPath = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> command = List.of(
                launcher.toString(),
                "enter",
                "--",
                jdk.resolve("bin/java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                MAIN);
        return new Engine(command, Optional.of(launcher));
    }

    /** Runs it with these words, and gives its exit code. It is stopped when this thread is interrupted. */
    int run(List<String> words, EngineOutput output) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(words);
        Process process = new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.line(line);
            }
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }

    @Override
    public void close() throws IOException {
        if (temporary.isPresent()) {
            Files.deleteIfExists(temporary.get());
        }
    }

    private static byte[] launcher(List<Path> jars) throws IOException {
        for (Path jar : jars) {
            Optional<byte[]> found = Files.isDirectory(jar) ? inDirectory(jar) : inJar(jar);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IOException("none of the plugin's jars holds " + LAUNCHER);
    }

    /** In a reactor that was not packaged, a module's class path is a directory. */
    private static Optional<byte[]> inDirectory(Path classes) throws IOException {
        Path file = classes.resolve(LAUNCHER);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    private static Optional<byte[]> inJar(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry entry = file.getJarEntry(LAUNCHER);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = file.getInputStream(entry)) {
                return Optional.of(in.readAllBytes());
            }
        }
    }
}
