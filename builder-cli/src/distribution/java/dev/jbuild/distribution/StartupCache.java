package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Trains the JVM's ahead-of-time cache: one JVM runs the commands of a working day, and what it loaded, linked and profiled
 * on the way is there at once in every later start.
 */
final class StartupCache {
    private static final String TRAINER = "dev.jbuild.cli.Rehearsal";
    private static final int PATIENCE_MINUTES = 5;

    private StartupCache() {}

    static void train(Path home, Wrapper wrapper) throws IOException, InterruptedException {
        Path cache = home.resolve("lib/jbuild.aot");
        Files.deleteIfExists(cache);
        Path stage = Files.createTempDirectory("jbuild-training-");
        try (PracticeRegistry registry = PracticeRegistry.start()) {
            List<List<String>> commands = PracticeCommands.write(stage, registry.address());
            Path script = stage.resolve("commands");
            Files.writeString(script, text(commands));
            run(home, wrapper, cache, stage, script);
        } finally {
            Trees.delete(stage);
        }
        if (!Files.exists(cache)) {
            throw new IOException("the JVM wrote no start-up cache to " + cache);
        }
    }

    private static void run(Path home, Wrapper wrapper, Path cache, Path stage, Path script)
            throws IOException, InterruptedException {
        List<String> java =
                wrapper.command(home, List.of("-XX:AOTCacheOutput=" + cache), TRAINER, List.of(script.toString()));
        ProcessBuilder training = new ProcessBuilder(entered(home, java));
        training.environment().put("JBUILD_ROOT", stage.resolve("store").toString());
        training.environment().remove("DOCKER_CONFIG");
        training.environment().put("HOME", stage.toString());
        Path log = stage.resolve("log");
        Process process =
                training.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the training run " + (ended ? "ended with " + process.exitValue() : "took too long")
                    + "; its output:\n" + Files.readString(log));
        }
    }

    private static List<String> entered(Path home, List<String> java) {
        List<String> command = new java.util.ArrayList<>(
                List.of(home.resolve("lib/jbuild-launcher").toString(), "enter", "--"));
        command.addAll(java);
        return command;
    }

    /** One command a line, its words separated by tabs. */
    private static String text(List<List<String>> commands) {
        StringBuilder text = new StringBuilder();
        for (List<String> command : commands) {
            text.append(String.join("\t", command)).append('\n');
        }
        return text.toString();
    }
}
