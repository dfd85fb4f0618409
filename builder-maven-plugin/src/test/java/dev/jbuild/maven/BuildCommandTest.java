package dev.jbuild.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BuildCommandTest {
    private static final Path RESULTS = Path.of("results");

    @Test
    void everyParameterBecomesItsFlag() {
        BuildCommand command = new BuildCommand(
                Path.of("context"),
                Path.of("Dockerfile"),
                List.of("a:1", "b:2"),
                Map.of("VERSION", "3"),
                "stage",
                true,
                new File("store"));
        assertThat(command.words(RESULTS))
                .containsExactly(
                        "build",
                        "--progress=rawjson",
                        "--file",
                        "Dockerfile",
                        "--iidfile",
                        "results/image.id",
                        "--metadata-file",
                        "results/image.json",
                        "--tag",
                        "a:1",
                        "--tag",
                        "b:2",
                        "--build-arg",
                        "VERSION=3",
                        "--target",
                        "stage",
                        "--push",
                        "--root",
                        "store",
                        "--",
                        "context");
    }

    @Test
    void whatIsNotSetIsNotSaid() {
        BuildCommand command =
                new BuildCommand(Path.of("-context"), Path.of("Dockerfile"), List.of(), Map.of(), null, false, null);
        assertThat(command.words(RESULTS)).doesNotContain("--tag", "--target", "--push", "--root", "--build-arg");
        assertThat(command.words(RESULTS)).endsWith("--", "-context");
    }
}
