package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A static program that makes any system call, compiled for the test. */
final class Probe {
    private static final Path SOURCE = Path.of("src/test/c/probe.c");

    private Probe() {}

    /** Puts it into a layer as /probe. */
    static void installInto(Path layer) throws IOException, InterruptedException {
        String compiler = Files.exists(Path.of("/usr/bin/musl-gcc")) ? "musl-gcc" : "gcc";
        Process process = new ProcessBuilder(
                        compiler, "-static", "-O1", "-o", layer.resolve("probe").toString(), SOURCE.toString())
                .inheritIO()
                .start();
        assumeTrue(process.waitFor() == 0, "needs a C compiler for static programs: apt install musl-tools");
    }
}
