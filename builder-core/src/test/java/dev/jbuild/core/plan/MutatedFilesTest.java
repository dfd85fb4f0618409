package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.lint.CheckOptions;
import dev.jbuild.dockerfile.lint.DockerfileRules;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.oci.ContainerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever a Dockerfile and a {@code .dockerignore} hold: they are planned and matched, or refused, and that soon. Each round has
 * a seed of its own, which a failure names: {@code -Djbuild.seed} starts there, {@code -Djbuild.mutations} says how many.
 */
class MutatedFilesTest {
    private static final int BATCH = 200;
    private static final Duration SLOW = Duration.ofSeconds(2);

    /** For a whole batch, on a machine that has other things to do. */
    private static final Duration HANGS = Duration.ofMinutes(5);

    private static final List<String> PATHS =
            List.of("a", "a/b", "a/b/c", "README.md", "x/y", "f*g", "..a/é", "dir/sub/d");

    private final AtomicInteger planned = new AtomicInteger();
    private final AtomicLong slowest = new AtomicLong();
    private final Mutations mutations;

    MutatedFilesTest() throws IOException {
        mutations = Mutations.of(Path.of(System.getProperty("jbuild.testdata", "testdata")));
    }

    @Test
    void areBuiltOrRefusedSoon() {
        long first = Long.getLong("jbuild.seed", 1);
        long count = Long.getLong("jbuild.mutations", 4_000);

        LongStream.iterate(first, seed -> seed < first + count, seed -> seed + BATCH)
                .parallel()
                .forEach(start -> batch(start, Math.min(start + BATCH, first + count)));

        System.out.printf(
                "%d mutated Dockerfiles and ignore files: %d could be planned, the slowest took %d ms%n",
                count, planned.get(), slowest.get() / 1_000_000);
        // Of files that are all refused at their first line nothing would be learnt.
        assertThat(planned.get()).isGreaterThan((int) (count / 20));
        assertThat(Duration.ofNanos(slowest.get())).isLessThan(SLOW);
    }

    private void batch(long start, long end) {
        assertTimeoutPreemptively(
                HANGS,
                () -> {
                    for (long seed = start; seed < end; seed++) {
                        round(seed);
                    }
                },
                () -> "a seed from " + start + " on does not end");
    }

    private void round(long seed) {
        Random random = new Random(seed);
        byte[] dockerfile = mutations.dockerfile(random);
        byte[] ignoreFile = mutations.ignoreFile(random);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try {
            IgnoreRules ignore = rules(ignoreFile);
            if (plan(dockerfile, ignore)) {
                planned.incrementAndGet();
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e + "\n" + shown(dockerfile) + "\n--- .dockerignore\n" + shown(ignoreFile),
                    e);
        }
        slowest.accumulateAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before, Math::max);
    }

    private static String shown(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    private static IgnoreRules rules(byte[] text) {
        try {
            IgnoreRules rules = IgnoreRules.parse(".dockerignore", text, ParseLimits.DEFAULT);
            for (String path : PATHS) {
                assertThat(rules.excludedBy(path).isPresent()).isEqualTo(rules.excludes(path));
                assertThat(rules.mayContainIncluded(path) && !rules.hasExceptions())
                        .isFalse();
            }
            return rules;
        } catch (DockerfileException e) {
            assertThat(e.excerpt(text)).startsWith(".dockerignore:" + e.range().firstLine());
            return IgnoreRules.NONE;
        }
    }

    /** Parses, asks every lint rule, plans and outlines. */
    private static boolean plan(byte[] text, IgnoreRules ignore) {
        try {
            Dockerfile dockerfile = Dockerfile.parse("Dockerfile", text, ParseLimits.DEFAULT);
            Findings findings = new Findings(
                    CheckOptions.parse(dockerfile.directives().check().orElse("")));
            DockerfileRules.check(dockerfile, findings);
            Planner planner = Planner.forCheck(dockerfile, options());
            Survey survey = new Survey(findings, ignore);
            planner.checkFroms(survey);
            Map<ImageRequest.Key, BaseImage> images = images(planner);
            planner.plan(images, survey);
            new Planner(dockerfile, options()).outline(images);
            return true;
        } catch (DockerfileException e) {
            assertThat(e.getMessage())
                    .startsWith("Dockerfile:" + e.position().line() + ":")
                    .doesNotContain("\n");
            assertThat(e.excerpt(text)).startsWith("Dockerfile:" + e.range().firstLine() + "\n");
        } catch (BuildException | ExpansionException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        return false;
    }

    private static PlanOptions options() {
        return Plans.of("FROM scratch")
                .arg("A", "a b,*")
                .arg("BUILDKIT_CACHE_MOUNT_NS", "ns")
                .arg("HTTP_PROXY", "http://p")
                .context("named", new NamedContext.Directory(Path.of("/named")))
                .label("l", "v")
                .options();
    }

    /** Every image is there, and some have triggers. */
    private static Map<ImageRequest.Key, BaseImage> images(Planner planner) throws DockerfileException, BuildException {
        Map<ImageRequest.Key, BaseImage> images = new HashMap<>();
        List<ImageRequest> missing = planner.missingImages(images);
        while (!missing.isEmpty()) {
            for (ImageRequest request : missing) {
                ContainerConfig config = ContainerConfig.EMPTY
                        .withEnv("A", "of the base")
                        .copy()
                        .onBuild(List.of("ARG T", "COPY --from=other a /b", "RUN --mount=from=third,target=/t x"))
                        .build();
                images.put(request.key(), Plans.base(request.name(), request.platform(), config));
            }
            missing = planner.missingImages(images);
        }
        return images;
    }
}
