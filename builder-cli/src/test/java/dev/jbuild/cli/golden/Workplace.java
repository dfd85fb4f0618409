package dev.jbuild.cli.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where cases lie as they are built: in each folder a Dockerfile, a context and what the flags name, with what git cannot
 * keep. Modes do not depend on who checked the files out, all have one modification time, and a case's own
 * {@code context.sh} has made in its context whatever is no plain file.
 *
 * @param directory the folders' parent
 */
public record Workplace(Path directory) {
    /** The name of the image that cases start from. */
    public static final String BASE = "jbuild/busybox";

    private static final FileTime TIME = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
    private static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    /** A time that the script sets on purpose is an older one than any that this finds. */
    private static final String FINISH =
            "umask 022; cd context; sh -eu ../context.sh; find . -newermt 2020-01-01 -exec touch -h -d " + TIME
                    + " {} +";

    /** Lays a case out. */
    public Path layOut(GoldenCase golden) throws IOException, InterruptedException {
        return layOut(golden.folder());
    }

    /** Lays the sources of the base image out. */
    public Path layOutBase() throws IOException, InterruptedException {
        return layOut(GoldenCase.testdata().resolve("base"));
    }

    private Path layOut(Path source) throws IOException, InterruptedException {
        Path folder = directory.resolve(source.getFileName().toString());
        copy(source, folder);
        Files.createDirectories(folder.resolve("context"));
        smooth(folder);
        if (Files.exists(folder.resolve("context.sh"))) {
            finish(folder);
        }
        return folder;
    }

    private static void copy(Path source, Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(source.relativize(file).toString()));
            }
        }
    }

    private static void smooth(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                boolean executable = Files.isDirectory(file) || Files.isExecutable(file);
                Files.setPosixFilePermissions(file, executable ? EXECUTABLE : PLAIN);
                Files.setLastModifiedTime(file, TIME);
            }
        }
    }

    private static void finish(Path folder) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(List.of("sh", "-euc", FINISH))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (shell.waitFor() != 0) {
            throw new IOException(folder.resolve("context.sh") + " failed: " + output);
        }
    }
}
