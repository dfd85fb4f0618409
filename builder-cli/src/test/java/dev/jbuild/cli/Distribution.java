package dev.jbuild.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program, started as its user starts it. */
record Distribution(Path home, Path store) {
    /** What a run of the program left behind. */
    record Ended(int code, String out, String err) {}

    /** The one that the build has just assembled. */
    static Distribution ofThisBuild(Path store) {
        return new Distribution(Path.of(System.getProperty("jbuild.distribution", "target/jbuild")), store);
    }

    Path program() {
        return home.resolve("bin/jbuild");
    }

    Ended run(List<String> words) throws IOException, InterruptedException {
        return run(program(), Map.of(), words);
    }

    Ended run(Path program, Map<String, String> environment, List<String> words)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(store, "out", "");
        Path err = Files.createTempFile(store, "err", "");
        Process process = start(program, environment, words, out, err);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("jbuild " + words + " does not end");
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    Process start(Path program, Map<String, String> environment, List<String> words, Path out, Path err)
            throws IOException {
        // What a shell runs in its background is born to ignore SIGINT (POSIX, 2.11), and a test run may be that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", program.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JBUILD_ROOT", store.resolve("root").toString());
        builder.environment().putAll(environment);
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** Waits until a file of output holds {@code text}. */
    static void await(Path file, String text) throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            if (new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(text)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IOException("no \"" + text + "\" in:\n" + Files.readString(file));
    }
}
