package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.golden.BuiltImage;
import dev.jbuild.cli.golden.GoldenCase;
import dev.jbuild.cli.golden.Outcome;
import dev.jbuild.cli.golden.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden case is built, and gives what Docker's BuildKit gave, down to modes, config and history. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenBuildsTest {
    /** Builds at once: some wait for a process while others compute. */
    private static final int AT_ONCE = 4;

    private final ExecutorService builders = Executors.newFixedThreadPool(AT_ONCE);
    private final Map<GoldenCase, Future<Outcome>> outcomes = new HashMap<>();

    static List<GoldenCase> cases() throws IOException {
        return GoldenCase.recorded();
    }

    @BeforeAll
    void startAllBuilds(@TempDir Path directory) throws Exception {
        assumeTrue(isInstalled("busybox"), "busybox is not installed (Debian's busybox-static)");
        Workplace workplace = new Workplace(directory.resolve("work"));
        InProcessJbuild jbuild = new InProcessJbuild(directory.resolve("store"));
        BuiltImage base = jbuild.buildBase(workplace.layOutBase());
        for (GoldenCase golden : cases()) {
            outcomes.put(golden, builders.submit(() -> jbuild.build(workplace.layOut(golden), golden.flags(), base)));
        }
    }

    @AfterAll
    void endAllBuilds() {
        builders.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatDockerGave(GoldenCase golden) throws Exception {
        assumeTrue(!golden.runs() || isRoot(), "its RUN needs namespaces that this test makes only as root");

        Outcome outcome = Objects.requireNonNull(outcomes.get(golden)).get();
        Outcome expected = golden.expected();

        assertThat(outcome.files())
                .withFailMessage(() -> "expected (-), built (+):\n" + outcome.linesAgainst(expected))
                .containsExactlyEntriesOf(expected.files());
    }

    /** Where we do not say that we differ, an image is Docker's, and an error points at the lines that Docker's points at. */
    @ParameterizedTest
    @MethodSource("cases")
    void differsOnlyWhereItSaysSo(GoldenCase golden) throws Exception {
        boolean same = golden.expected().agreesWith(golden.docker());

        assertThat(golden.difference().isEmpty()).isEqualTo(same);
    }

    @Test
    void everyDifferenceIsDocumented() throws Exception {
        List<String> told = new ArrayList<>();
        for (GoldenCase golden : cases()) {
            golden.difference()
                    .ifPresent(
                            why -> told.add("- `" + golden + "`: " + why.strip().replace('\n', ' ')));
        }
        Path document = GoldenCase.testdata().resolveSibling("docs").resolve("differences.md");

        assertThat(Files.readAllLines(document).stream().filter(line -> line.startsWith("- `")))
                .containsExactlyInAnyOrderElementsOf(told);
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
