package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.NamedContext;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedContextsTest {
    private static final NamedContext DIRECTORY = new NamedContext.Directory(Path.of("/other"));
    private static final NamedContext IMAGE = new NamedContext.Image(Optional.of(ImageName.parse("instead")));
    private static final Origin.LocalDirectory OTHER = new Origin.LocalDirectory(Path.of("/other"));

    @ParameterizedTest
    @ValueSource(strings = {"alpine", "alpine:latest", "docker.io/library/alpine", "index.docker.io/alpine:latest"})
    void allNamesOfAnImageAreOne(String name) throws Exception {
        assertThat(Plans.of("FROM alpine").context(name, IMAGE).missing()).containsExactly("instead:latest");
        assertThat(Plans.of("FROM " + name).context("alpine", IMAGE).missing()).containsExactly("instead:latest");
    }

    @Test
    void anotherTagIsAnotherImage() throws Exception {
        assertThat(Plans.of("FROM alpine:3").context("alpine", IMAGE).missing()).containsExactly("alpine:3");
        assertThat(Plans.of("FROM alpine:3").context("alpine:3", IMAGE).missing())
                .containsExactly("instead:latest");
    }

    @Test
    void aNameWithAPlatformCountsForThatPlatformAlone() throws Exception {
        assertThat(Plans.of("FROM alpine").context("alpine::linux/amd64", IMAGE).missing())
                .containsExactly("instead:latest");
        assertThat(Plans.of("FROM alpine").context("alpine::linux/arm64", IMAGE).missing())
                .containsExactly("alpine:latest");
        assertThat(Plans.of("FROM --platform=linux/arm64 alpine")
                        .context("alpine", DIRECTORY)
                        .context("alpine::linux/arm64", IMAGE)
                        .missing())
                .containsExactly("instead:latest");
    }

    @Test
    void aDirectoryInsteadOfAnImageIsAFilesystemWithoutConfig() throws Exception {
        Plans plans = Plans.of("FROM base", "ENV a=b").context("base", DIRECTORY);

        assertThat(plans.missing()).isEmpty();
        assertThat(plans.last(Step.Fetch.class).origin()).isEqualTo(OTHER);
        assertThat(plans.config().workingDir()).isEqualTo("/");
        assertThat(plans.config().environment()).containsKeys("PATH", "a");
    }

    @Test
    void aStageGivesWayWithAllItsInstructions() throws Exception {
        Plans plans = Plans.of("FROM never AS deps", "RUN never", "FROM scratch", "COPY --from=deps /x /y")
                .context("deps", DIRECTORY);

        assertThat(plans.missing()).isEmpty();
        assertThat(plans.origins()).containsExactly(OTHER);
    }

    @Test
    void aStageThatStartsFromAReplacedOneStartsFromTheContext() throws Exception {
        Plans plans = Plans.of("FROM never AS deps", "ENV never=1", "FROM deps", "ENV a=b")
                .context("deps", IMAGE)
                .image("instead", ContainerConfig.EMPTY);

        assertThat(plans.history()).containsExactly("ENV a=b");
    }

    @Test
    void copiesTakeFilesFromContextsThatAreNoStage() throws Exception {
        assertThat(Plans.scratch("COPY --from=assets /x /y")
                        .context("assets", DIRECTORY)
                        .origins())
                .containsExactly(OTHER);
        assertThat(Plans.scratch("COPY --from=assets /x /y")
                        .context("assets", new NamedContext.Remote("https://x.example/r.git#main:d"))
                        .origins())
                .containsExactly(new Origin.GitTree(
                        new GitReference("https://x.example/r.git", "main", "d", "", Optional.empty(), true), false));
        assertThat(Plans.scratch("COPY --from=assets /context /y")
                        .context("assets", new NamedContext.Remote("https://x.example/f.txt"))
                        .origins())
                .containsExactly(new Origin.HttpFile("https://x.example/f.txt", "context", Optional.empty()));
    }

    @Test
    void mountsShowContextsThatAreNoStage() throws Exception {
        assertThat(Plans.scratch("RUN --mount=from=assets,target=/a true")
                        .context("assets", DIRECTORY)
                        .origins())
                .containsExactly(OTHER);
    }

    @Test
    void anEarlierStageComesBeforeAContextOfAnImagesName() throws Exception {
        Plans plans = Plans.of("FROM scratch AS a", "COPY x /", "FROM a", "COPY --from=b /x /y")
                .context("b", new NamedContext.Target("a"));

        assertThat(plans.plan().result().inputs().get(1))
                .isEqualTo(plans.plan().result().parent());
    }

    @Test
    void aTargetMustBeAStageBefore() {
        assertThat(Plans.of("FROM b", "FROM scratch AS a")
                        .target("0")
                        .context("b", new NamedContext.Target("a"))
                        .refusal())
                .isEqualTo("1: the context b is target:a, which is no stage before this one");
        assertThat(Plans.of("FROM b")
                        .context("b", new NamedContext.Target("none"))
                        .refusal())
                .startsWith("1: the context b is target:none");
    }

    @Test
    void scratchInsteadOfAnImageIsEmpty() throws Exception {
        assertThat(Plans.of("FROM alpine")
                        .context("alpine", new NamedContext.Image(Optional.empty()))
                        .chain())
                .extracting(Node::step)
                .isEqualTo(List.of(new Step.Scratch()));
    }

    @Test
    void aLayoutsImageIsAskedForByItsPlace() throws Exception {
        NamedContext.Layout layout = new NamedContext.Layout(Path.of("/l"), Optional.of("v1"), Optional.empty());

        assertThat(Plans.of("FROM base").context("base", layout).planner().missingImages(Map.of()))
                .extracting(ImageRequest::layout)
                .containsExactly(Optional.of(layout));
    }

    @Test
    void aContextThatNothingNamesIsNotLookedAt() throws Exception {
        assertThat(Plans.scratch("COPY x /")
                        .context("unused", new NamedContext.Remote("https://x/r.git?nonsense=1"))
                        .origins())
                .isEmpty();
        assertThat(Plans.scratch("COPY --from=used /x /")
                        .context("used", new NamedContext.Remote("https://x/r.git?nonsense=1"))
                        .refusal())
                .startsWith("2: \"nonsense\" is not a key");
    }

    @Test
    void aContextThatNothingAskedForIsNotedWhereSomethingOfNearlyItsNameWas() {
        NamedContexts contexts = new NamedContexts(Map.of(
                "alpin",
                new NamedContext.Remote("https://a.test/x"),
                "other",
                new NamedContext.Remote("https://a.test/y")));

        assertThat(contexts.find("alpine:latest", Platform.parse("linux/amd64")))
                .isEmpty();
        assertThat(contexts.notes()).containsExactly("the named context alpin is not used (did you mean alpine?)");
    }
}
