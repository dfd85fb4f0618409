package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the distribution together: a run-time image, the jars, the launcher, the wrapper and the start-up cache. Runs from
 * source on the JDK that the build's toolchain names, so that whatever runs Maven does not matter.
 *
 * <p>Arguments: the folder with the jars, the folder to fill, the version, the folder with the wrapper's template.
 */
public final class Assemble {
    private Assemble() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path jars = Path.of(args[0]).toAbsolutePath();
        Path home = Path.of(args[1]).toAbsolutePath();
        String version = args[2];
        Path template = Path.of(args[3]).resolve("jbuild.sh");

        Files.deleteIfExists(home.resolve("bin/jbuild"));
        say("run-time image");
        RuntimeImage.link(home.resolve("runtime"));
        say("jars");
        List<Path> classPath = copyJars(jars, home.resolve("lib"));
        Wrapper wrapper = Wrapper.of(Files.readString(template), version, classPath);
        say("start-up cache");
        StartupCache.train(home, wrapper, Path.of(home + "-training"));
        // Or else a jar of an earlier class path would stay among those of the next.
        Trees.delete(jars);
        // Last: who looks for the program finds a whole distribution or none.
        wrapper.writeTo(home.resolve("bin/jbuild"));
    }

    /** Copies the jars and gives them in the order of the class path, which the start-up cache depends on. */
    private static List<Path> copyJars(Path from, Path lib) throws IOException {
        Trees.delete(lib);
        Files.createDirectories(lib);
        List<Path> jars;
        try (Stream<Path> found = Files.list(from)) {
            jars = found.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            ModernJar.copy(jar, lib.resolve(jar.getFileName()));
        }
        LauncherBinary.extract(jars, lib.resolve("jbuild-launcher"));
        return jars.stream().map(Path::getFileName).toList();
    }

    private static void say(String step) {
        System.out.println("distribution: " + step);
    }
}
