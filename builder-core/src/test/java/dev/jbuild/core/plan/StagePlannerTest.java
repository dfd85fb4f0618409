package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Healthcheck;
import dev.jbuild.oci.History;
import dev.jbuild.oci.Platform;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each instruction leaves in config and history, as BuildKit leaves it. */
class StagePlannerTest {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    @Test
    void scratchHasAPathAWorkingDirectoryAndNoLayer() throws Exception {
        BuildGraph graph = Plans.scratch("LABEL a=b").plan();

        assertThat(graph.config().env()).containsExactly(PATH);
        assertThat(graph.config().workingDir()).isEqualTo("/");
        assertThat(graph.result().step()).isEqualTo(new Step.Scratch());
    }

    @Test
    void aBaseWithoutPathGetsOneAtTheEnd() throws Exception {
        ContainerConfig base = ContainerConfig.EMPTY.copy().env(List.of("A=1")).build();

        assertThat(Plans.of("FROM base").image("base", base).config().env()).containsExactly("A=1", PATH);
    }

    @Test
    void aBaseWithPathKeepsIt() throws Exception {
        ContainerConfig base = ContainerConfig.EMPTY
                .copy()
                .env(List.of("PATH=/opt/bin", "A=1"))
                .build();

        assertThat(Plans.of("FROM base").image("base", base).config().env()).containsExactly("PATH=/opt/bin", "A=1");
    }

    @Test
    void theBasesConfigAuthorAndHistoryAreInherited() throws Exception {
        ContainerConfig base = ContainerConfig.EMPTY
                .copy()
                .cmd(List.of("/bin/bash"))
                .user("app")
                .workingDir("/srv")
                .build();
        BuildGraph graph =
                Plans.of("FROM base", "LABEL a=b").image("base", base).plan();

        assertThat(graph.config().cmd()).containsExactly("/bin/bash");
        assertThat(graph.config().user()).isEqualTo("app");
        assertThat(graph.config().workingDir()).isEqualTo("/srv");
        assertThat(graph.author()).isEqualTo("Base Author");
        assertThat(graph.history()).hasSize(2).first().isInstanceOf(HistoryLine.Inherited.class);
    }

    @Test
    void aBaseThatTellsNothingOfItsLayerGetsAnEntryForIt() throws Exception {
        History label = new History(Optional.empty(), "LABEL a=b", "", "", true);
        BuildGraph graph =
                Plans.of("FROM base", "LABEL c=d").image("base", label).plan();

        assertThat(graph.history()).hasSize(3);
        assertThat(graph.history().subList(0, 2))
                .containsExactly(
                        new HistoryLine.Inherited(label),
                        new HistoryLine.Inherited(new History(Optional.empty(), "", "", "", false)));
    }

    @Test
    void aBaseThatTellsOfMoreLayersThanItHasTellsOfInstructionsWithoutOne() throws Exception {
        History first = new History(Optional.empty(), "ADD one", "", "", false);
        History second = new History(Optional.empty(), "ADD two", "", "", false);
        BuildGraph graph = Plans.of("FROM base").image("base", first, second).plan();

        assertThat(graph.history())
                .containsExactly(
                        new HistoryLine.Inherited(first), new HistoryLine.Inherited(second.withEmptyLayer(true)));
    }

    @Test
    void environmentIsReplacedInPlaceAndAppendedOtherwise() throws Exception {
        Plans plans = Plans.scratch("ENV A=1 B=2", "ENV A=3 C=\"x y\"");

        assertThat(plans.config().env()).containsExactly(PATH, "A=3", "B=2", "C=x y");
        assertThat(plans.history()).containsExactly("ENV A=1 B=2", "ENV A=3 C=x y");
    }

    @Test
    void theWordsOfOneEnvSeeTheEnvironmentBeforeIt() throws Exception {
        assertThat(Plans.scratch("ENV abc=hello", "ENV abc=bye def=$abc", "ENV ghi=$abc")
                        .config()
                        .environment())
                .containsEntry("def", "hello")
                .containsEntry("ghi", "bye");
    }

    @Test
    void theOldFormOfEnvTakesTheRestOfTheLine() throws Exception {
        assertThat(Plans.scratch("ENV A some text").config().environment()).containsEntry("A", "some text");
    }

    @Test
    void theLastValueOfALabelWinsAndTheCallersComesLast() throws Exception {
        assertThat(Plans.scratch("LABEL a=1 \"b c\"=2", "LABEL a=3")
                        .label("a", "cli")
                        .label("z", "new")
                        .config()
                        .labels())
                .containsEntry("a", "cli")
                .containsEntry("b c", "2")
                .containsEntry("z", "new");
        assertThat(Plans.scratch("LABEL a=1 \"b c\"=2").history()).containsExactly("LABEL a=1 b c=2");
    }

    @Test
    void cmdInShellFormIsStoredWrapped() throws Exception {
        Plans plans = Plans.scratch("CMD echo \"hi\"");

        assertThat(plans.config().cmd()).containsExactly("/bin/sh", "-c", "echo \"hi\"");
        assertThat(plans.config().argsEscaped()).isTrue();
        assertThat(plans.history()).containsExactly("CMD [\"/bin/sh\" \"-c\" \"echo \\\"hi\\\"\"]");
    }

    @Test
    void theLastCmdWins() throws Exception {
        assertThat(Plans.scratch("CMD a", "CMD [\"b\"]").config().cmd()).containsExactly("b");
    }

    @Test
    void entrypointClearsAnInheritedCmd() throws Exception {
        ContainerConfig base =
                ContainerConfig.EMPTY.copy().cmd(List.of("inherited")).build();
        Plans plans = Plans.of("FROM base", "ENTRYPOINT [\"/e\"]").image("base", base);

        assertThat(plans.config().cmd()).isEmpty();
        assertThat(plans.config().entrypoint()).containsExactly("/e");
        assertThat(plans.history()).containsExactly("ENTRYPOINT [\"/e\"]");
    }

    @Test
    void entrypointClearsTheCmdOfAnEarlierStage() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "CMD [\"x\"]", "FROM a", "ENTRYPOINT [\"/e\"]")
                        .config()
                        .cmd())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CMD [\"c\"]|ENTRYPOINT [\"e\"]", "ENTRYPOINT [\"e\"]|CMD [\"c\"]"})
    void entrypointKeepsACmdOfItsOwnStageBeforeOrAfterIt(String instructions) throws Exception {
        ContainerConfig base =
                ContainerConfig.EMPTY.copy().cmd(List.of("inherited")).build();

        assertThat(Plans.of("FROM base", instructions.replace('|', '\n'))
                        .image("base", base)
                        .config()
                        .cmd())
                .containsExactly("c");
    }

    @Test
    void aWorkdirAboveTheRootIsTheRoot() throws Exception {
        assertThat(Plans.scratch("WORKDIR /..", "WORKDIR x").config().workingDir())
                .isEqualTo("/x");
        assertThat(Plans.scratch("WORKDIR /..").last(Step.MakeDirectory.class).path())
                .isEqualTo("/");
    }

    @Test
    void exposedPortsAreKeptAsASet() throws Exception {
        assertThat(Plans.scratch("EXPOSE 8080", "EXPOSE 1234/UDP 8080 9000-9001")
                        .config()
                        .exposedPorts())
                .containsExactly("1234/udp", "8080/tcp", "9000/tcp", "9001/tcp");
    }

    @Test
    void historySortsExposedPortsAsTheyAreWritten() throws Exception {
        assertThat(Plans.scratch("EXPOSE 2375 1234/udp").history()).containsExactly("EXPOSE [1234/udp 2375/tcp]");
        assertThat(Plans.scratch("ARG P=\"2375 1234/udp\"", "EXPOSE 1000 $P").history())
                .last()
                .isEqualTo("EXPOSE [2375/tcp 1234/udp 1000/tcp]");
    }

    @Test
    void anInvalidPortIsRefusedWithItsLine() {
        assertThat(Plans.scratch("LABEL a=b", "EXPOSE 80 99999").refusal())
                .startsWith("3: ")
                .contains("99999");
    }

    @Test
    void volumesAreASetAndHistoryShowsThemAsWritten() throws Exception {
        Plans plans = Plans.scratch("VOLUME /b /a", "VOLUME [\"/a\", \"/c d\"]");

        assertThat(plans.config().volumes()).containsExactly("/a", "/b", "/c d");
        assertThat(plans.history()).containsExactly("VOLUME [/b /a]", "VOLUME [/a /c d]");
    }

    @Test
    void anEmptyVolumeIsRefused() {
        assertThat(Plans.scratch("ARG V", "VOLUME $V").refusal()).startsWith("3: a VOLUME cannot be an empty path");
    }

    @Test
    void userIsKeptAsWritten() throws Exception {
        Plans plans = Plans.scratch("ARG U=app", "USER $U:1000");

        assertThat(plans.config().user()).isEqualTo("app:1000");
        assertThat(plans.history()).last().isEqualTo("USER app:1000");
    }

    @Test
    void workdirMakesALayerAndHasNoBuildkitMark() throws Exception {
        Plans plans = Plans.scratch("WORKDIR /a", "WORKDIR b");

        assertThat(plans.config().workingDir()).isEqualTo("/a/b");
        assertThat(plans.history()).containsExactly("WORKDIR /a", "WORKDIR /a/b");
        assertThat(plans.made()).allMatch(line -> line.layer().isPresent());
        assertThat(plans.last(Step.MakeDirectory.class).path()).isEqualTo("/a/b");
    }

    @Test
    void workdirBelongsToTheUserOfThatMoment() throws Exception {
        assertThat(Plans.scratch("USER 1000", "WORKDIR /a", "USER root")
                        .last(Step.MakeDirectory.class)
                        .owner())
                .isEqualTo("1000");
    }

    @Test
    void workdirSlashMakesNoLayer() throws Exception {
        Plans plans = Plans.scratch("WORKDIR /");

        assertThat(plans.made()).containsExactly(new HistoryLine.Made("WORKDIR /", Optional.empty()));
    }

    @Test
    void shellIsStored() throws Exception {
        Plans plans = Plans.scratch("SHELL [\"/bin/bash\", \"-c\"]", "CMD x");

        assertThat(plans.config().shell()).containsExactly("/bin/bash", "-c");
        assertThat(plans.config().cmd()).containsExactly("/bin/bash", "-c", "x");
        assertThat(plans.history()).first().isEqualTo("SHELL [/bin/bash -c]");
    }

    @Test
    void stopSignalIsStoredAsWritten() throws Exception {
        Plans plans = Plans.scratch("ARG S=SIGQUIT", "STOPSIGNAL $S");

        assertThat(plans.config().stopSignal()).isEqualTo("SIGQUIT");
        assertThat(plans.history()).last().isEqualTo("STOPSIGNAL SIGQUIT");
    }

    @Test
    void anUnknownStopSignalIsRefusedWithItsLine() {
        assertThat(Plans.scratch("STOPSIGNAL SIGNONE").refusal()).startsWith("2: unknown signal \"SIGNONE\"");
    }

    @Test
    void aHealthcheckIsStoredInNanoseconds() throws Exception {
        Plans plans = Plans.scratch("HEALTHCHECK --interval=1m30s --timeout=2s --start-period=1ms --retries=4 "
                + "CMD curl -f \"http://x\" || exit 1");

        assertThat(plans.config().healthcheck())
                .contains(new Healthcheck(
                        List.of("CMD-SHELL", "curl -f \"http://x\" || exit 1"),
                        90_000_000_000L,
                        2_000_000_000L,
                        1_000_000,
                        0,
                        4));
        assertThat(plans.history())
                .containsExactly("HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f \\\"http://x\\\" || exit 1\"] "
                        + "\"1m30s\" \"2s\" \"1ms\" \"0s\" '\\x04'}");
    }

    @Test
    void aHealthcheckInListFormIsNotGivenToAShell() throws Exception {
        assertThat(Plans.scratch("HEALTHCHECK CMD [\"/probe\", \"-q\"]")
                        .config()
                        .healthcheck()
                        .orElseThrow()
                        .test())
                .containsExactly("CMD", "/probe", "-q");
    }

    @Test
    void healthcheckNoneSwitchesAnInheritedOneOff() throws Exception {
        assertThat(Plans.scratch("HEALTHCHECK CMD a", "HEALTHCHECK NONE")
                        .config()
                        .healthcheck()
                        .orElseThrow()
                        .test())
                .containsExactly("NONE");
    }

    @Test
    void maintainerSetsTheAuthor() throws Exception {
        Plans plans = Plans.scratch("MAINTAINER Ann <ann@example.org>");

        assertThat(plans.plan().author()).isEqualTo("Ann <ann@example.org>");
        assertThat(plans.history()).containsExactly("MAINTAINER Ann <ann@example.org>");
    }

    @Test
    void onbuildIsKeptVerbatimWithoutHistory() throws Exception {
        Plans plans = Plans.scratch("ONBUILD COPY  $X   /a", "ONBUILD RUN make");

        assertThat(plans.config().onBuild()).containsExactly("COPY  $X   /a", "RUN make");
        assertThat(plans.history()).isEmpty();
    }

    @Test
    void instructionsWithoutFilesystemAreEmptyLayers() throws Exception {
        assertThat(Plans.scratch("ENV A=1", "LABEL a=b", "CMD x", "EXPOSE 1", "USER u", "ARG z", "VOLUME /v")
                        .made())
                .hasSize(7)
                .allMatch(line -> line.layer().isEmpty());
    }

    @Test
    void everyLayerOfTheHistoryIsANodeOfTheGraph() throws Exception {
        Plans plans = Plans.scratch("COPY a /a", "ENV A=1", "RUN b", "WORKDIR /c");
        BuildGraph graph = plans.plan();
        List<Node> layers = graph.history().stream()
                .map(HistoryLine.Made.class::cast)
                .flatMap(made -> made.layer().stream())
                .toList();

        assertThat(layers).extracting(Node::number).containsExactly(1, 2, 3);
        assertThat(layers).last().isEqualTo(graph.result());
    }

    @Test
    void aStageWithoutLayersIsFine() throws Exception {
        assertThat(Plans.of("FROM scratch AS empty", "FROM scratch", "COPY --from=empty / /")
                        .titles())
                .containsExactly("FROM scratch", "[stage-1 1/1] COPY --from=empty / /");
    }

    @Test
    void withoutCacheEveryStepIsFresh() throws Exception {
        assertThat(Plans.scratch("COPY a /a", "RUN b").noCache().plan().result().fresh())
                .isTrue();
        assertThat(Plans.scratch("COPY a /a", "RUN b").plan().result().fresh()).isFalse();
    }

    @Test
    void stagesWithoutCacheAreNamedOrNumbered() throws Exception {
        String[] lines = {"FROM scratch AS One", "COPY a /a", "FROM scratch AS two", "COPY --from=one /a /a", "RUN b"};

        assertThat(Plans.of(lines).noCache("oNE").chain())
                .extracting(Node::fresh)
                .containsExactly(false, false, false);
        assertThat(Plans.of(lines).noCache("two").chain())
                .extracting(Node::fresh)
                .containsExactly(false, true, true);
        assertThat(Plans.of(lines).noCache("1").chain()).extracting(Node::fresh).containsExactly(false, true, true);
        assertThat(Plans.of(lines).noCache("oNE").chain().get(1).inputs().get(1).fresh())
                .isTrue();
    }

    @Test
    void theImageIsForTheTargetPlatformWhateverItsBaseIsFor() throws Exception {
        assertThat(Plans.of("FROM --platform=linux/amd64 base", "COPY a /a")
                        .platform(Platform.parse("linux/arm64"))
                        .image("base", Platform.parse("linux/amd64"), ContainerConfig.EMPTY)
                        .plan()
                        .platform())
                .hasToString("linux/arm64");
    }

    @Test
    void anErrorInAWordIsToldWithItsLine() {
        assertThat(Plans.scratch("LABEL a=b", "", "ENV A=${B:?missing}").refusal())
                .startsWith("4: ")
                .contains("B: missing");
    }

    @ParameterizedTest
    @CsvSource({"linux/arm64", "linux/amd64"})
    void theImageIsForTheTargetPlatform(String platform) throws Exception {
        assertThat(Plans.scratch("LABEL a=b")
                        .platform(Platform.parse(platform))
                        .plan()
                        .platform())
                .hasToString(platform);
    }
}
