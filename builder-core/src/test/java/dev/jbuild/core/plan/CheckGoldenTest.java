package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.lint.CheckOptions;
import dev.jbuild.dockerfile.lint.DockerfileRules;
import dev.jbuild.dockerfile.lint.Finding;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.dockerfile.lint.LintRule;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of {@code testdata/check} has a Dockerfile and what Docker finds in it, written down by {@code record} there. */
class CheckGoldenTest {
    private static final Path FOLDER = Path.of(System.getProperty("jbuild.testdata", "testdata"), "check");

    static List<Path> cases() throws IOException {
        try (Stream<Path> cases = Files.list(FOLDER)) {
            return cases.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatDockerFinds(Path folder) throws IOException, ExpansionException, DockerfileException {
        List<String> recorded = Files.readAllLines(folder.resolve("findings.txt"));
        assertThat(found(folder))
                .isEqualTo(recorded.stream()
                        .filter(line -> !line.startsWith("error: "))
                        .toList());
    }

    @Test
    void everyRuleFiresInSomeCase() throws IOException {
        Set<String> fired = new HashSet<>();
        for (Path folder : cases()) {
            for (String line : Files.readAllLines(folder.resolve("findings.txt"))) {
                fired.add(line.replaceFirst("^[0-9-]+ ", "").replaceFirst(":.*", ""));
            }
        }
        assertThat(fired).containsAll(LintRule.words());
    }

    private static List<String> found(Path folder) throws IOException, ExpansionException, DockerfileException {
        Dockerfile dockerfile =
                Dockerfile.parse("Dockerfile", Files.readAllBytes(folder.resolve("Dockerfile")), ParseLimits.DEFAULT);
        Findings findings =
                new Findings(CheckOptions.parse(dockerfile.directives().check().orElse("")));
        DockerfileRules.check(dockerfile, findings);
        PlanOptions options = Plans.of("FROM scratch").options();
        try {
            Planner planner = Planner.forCheck(dockerfile, options);
            Survey survey = new Survey(findings, ignore(folder));
            planner.checkFroms(survey);
            planner.plan(images(planner), survey);
        } catch (DockerfileException | BuildException e) {
            // Docker wrote an error down too then, behind what it had found until there.
            assertThat(Files.readString(folder.resolve("findings.txt"))).contains("error: ");
        }
        return findings.list().stream().map(CheckGoldenTest::line).sorted().toList();
    }

    private static Map<ImageRequest.Key, BaseImage> images(Planner planner) throws DockerfileException, BuildException {
        Map<ImageRequest.Key, BaseImage> images = new HashMap<>();
        for (ImageRequest request : planner.missingImages(images)) {
            images.put(request.key(), base(request.name()));
        }
        return images;
    }

    private static BaseImage base(ImageName name) {
        Platform platform = name.familiar().startsWith("jbuild-check-arm64") ? Plans.ARM64 : Plans.AMD64;
        return Plans.base(name, platform, ContainerConfig.EMPTY.withEnv("GREETING", "hello"));
    }

    private static IgnoreRules ignore(Path folder) throws IOException, DockerfileException {
        Path file = folder.resolve(".dockerignore");
        return Files.exists(file)
                ? IgnoreRules.parse(".dockerignore", Files.readAllBytes(file), ParseLimits.DEFAULT)
                : IgnoreRules.NONE;
    }

    private static String line(Finding finding) {
        return finding.range().firstLine() + "-" + finding.range().lastLine() + " "
                + finding.rule().word() + ": " + finding.detail();
    }
}
