package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The shell script that starts the JVM, and the JVM options it gives: training needs the same ones. */
record Wrapper(String text, List<String> jvmOptions, List<String> classPath) {
    private static final String MAIN = "dev.jbuild.cli.Main";

    static Wrapper of(String template, String version, List<Path> jars) {
        List<String> options = List.of(
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                // The heap's first use is a tenth of a short command's time when it comes by pages of 4 KiB.
                "-XX:+UseTransparentHugePages",
                // Mapped where it was made for, the cache needs no page of it rewritten at the start.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:-AOTReplayTraining",
                "-XX:CompileThresholdScaling=8",
                // But SHA-256 at once: the processor's instructions for it are used by compiled callers alone.
                "-XX:CompileCommand=quiet",
                soon("sun.security.provider.SHA2::implCompress"),
                soon("sun.security.provider.DigestBase::implCompressMultiBlock0"),
                // A fixed heap limit keeps the object layout, and with it the cache, the same on machines of any size.
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                // A cache that does not fit this machine is left aside in silence; real errors go to standard error.
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-Djbuild.version=" + version);
        List<String> names = jars.stream().map(Path::toString).toList();
        String classPath = names.stream().map(n -> "$home/lib/" + n).collect(Collectors.joining(":"));
        String text = template.replace("@options@", String.join(" ", options))
                .replace("@classpath@", classPath)
                .replace("@main@", MAIN);
        return new Wrapper(text, options, names);
    }

    /** Has the JVM compile a method when it has run a few times. */
    private static String soon(String method) {
        return "-XX:CompileCommand=CompileThresholdScaling," + method + ",0.002";
    }

    void writeTo(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The command that starts {@code main} of the distribution as the wrapper would, with more JVM options. */
    List<String> command(Path home, List<String> more, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("runtime/bin/java").toString());
        command.addAll(more);
        command.addAll(jvmOptions);
        command.add("-Djbuild.home=" + home);
        command.add("-cp");
        command.add(
                classPath.stream().map(n -> home.resolve("lib/" + n).toString()).collect(Collectors.joining(":")));
        command.add(main);
        command.addAll(arguments);
        return command;
    }
}
