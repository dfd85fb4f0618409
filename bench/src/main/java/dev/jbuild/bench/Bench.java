package dev.jbuild.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmarks over the corpus in a folder and prints medians; what runs and why is in CONTRIBUTING.md. */
public final class Bench {
    private static final double MEGA = 1e6;

    private Bench() {}

    /** @param arguments the corpus's folder, and a pattern of benchmarks if not all are wanted */
    public static void main(String[] arguments) throws IOException, RunnerException {
        Corpus corpus = new Corpus(Path.of(arguments[0]).toAbsolutePath());
        Path log = Files.createDirectories(corpus.folder()).resolve("jmh.log");
        Options options = new OptionsBuilder()
                .include(Pipeline.class.getSimpleName() + "\\." + (arguments.length > 1 ? arguments[1] : ""))
                .jvmArgsAppend(
                        "-Xmx1g", "--enable-native-access=ALL-UNNAMED", "-D" + Corpus.PROPERTY + "=" + corpus.folder())
                .verbosity(VerboseMode.NORMAL)
                .output(log.toString())
                .shouldFailOnError(true)
                .build();
        print(corpus, new Runner(options).run());
    }

    private static void print(Corpus corpus, Collection<RunResult> results) throws IOException {
        double megabytes = corpus.bytes() / MEGA;
        long files = corpus.files();
        for (RunResult result : results) {
            Statistics seconds = result.getPrimaryResult().getStatistics();
            double median = seconds.getPercentile(50);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %8.0f MB/s %9.0f files/s %8.2f s (%.2f to %.2f)%n",
                    "jbuild " + result.getPrimaryResult().getLabel(),
                    megabytes / median,
                    files / median,
                    median,
                    seconds.getMin(),
                    seconds.getMax());
        }
    }
}
