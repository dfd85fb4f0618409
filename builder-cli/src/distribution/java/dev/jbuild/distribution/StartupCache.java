package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** @param stage a directory to work in; it is gone afterwards, but for the log beside it */
    static void train(Path home, Wrapper wrapper, Path stage) throws IOException, InterruptedException {
        Path cache = home.resolve("lib/jbuild.aot");
        clear(home, stage);
        Files.createDirectories(stage);
        try (PracticeRegistry registry = PracticeRegistry.start()) {
            Path script = stage.resolve("commands");
            Files.writeString(script, text(PracticeCommands.write(stage, registry.address())));
            List<String> options = List.of("-XX:AOTCacheOutput=" + cache);
            run(home, stage, wrapper.command(home, options, TRAINER, List.of(script.toString())));
        } finally {
            clear(home, stage);
        }
        if (!Files.exists(cache)) {
            throw new IOException("the JVM wrote no start-up cache to " + cache);
        }
    }

    private static void run(Path home, Path stage, List<String> java) throws IOException, InterruptedException {
        Path log = Path.of(stage + ".log");
        ProcessBuilder training = new ProcessBuilder(entered(home, java));
        training.environment().put("JBUILD_ROOT", stage.resolve("store").toString());
        training.environment().put("LC_ALL", "C.UTF-8");
        training.environment().put("HOME", stage.toString());
        training.environment().remove("DOCKER_CONFIG");
        Process process =
                training.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the training run " + (ended ? "ended with " + process.exitValue() : "took too long")
                    + "; its output:\n" + Files.readString(log));
        }
    }

    /** In a user namespace the steps' files belong to ids that only the namespace may remove. */
    private static void clear(Path home, Path stage) throws IOException, InterruptedException {
        List<String> remove = List.of("rm", "-rf", "--one-file-system", stage.toString());
        int code = new ProcessBuilder(entered(home, remove)).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("cannot remove " + stage);
        }
    }

    private static List<String> entered(Path home, List<String> command) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(home.resolve("lib/jbuild-launcher").toString(), "enter", "--"));
        words.addAll(command);
        return words;
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
