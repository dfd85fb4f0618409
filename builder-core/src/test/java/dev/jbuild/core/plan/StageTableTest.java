package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.oci.ContainerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageTableTest {
    private static final String[] TWO_STAGES = {
        "FROM scratch AS build", "COPY a /a", "FROM scratch AS final", "COPY --from=build /a /b",
    };

    @ParameterizedTest
    @ValueSource(strings = {"build", "BUILD", "Build", "0"})
    void copyNamesAnEarlierStageInAnyCaseOrByNumber(String reference) throws Exception {
        Node copy = Plans.of(
                        "FROM scratch AS build", "COPY a /a", "FROM scratch", "COPY --from=" + reference + " /a /b")
                .plan()
                .result();

        assertThat(copy.inputs()).hasSize(2);
        assertThat(copy.inputs().get(1).title()).isEqualTo("[build 1/1] COPY a /a");
    }

    @Test
    void fromNamesAnEarlierStageInAnyCase() throws Exception {
        assertThat(Plans.of("FROM scratch AS base", "COPY a /a", "FROM BASE", "COPY b /b")
                        .titles())
                .containsExactly("FROM scratch", "[base 1/1] COPY a /a", "[stage-1 1/1] COPY b /b");
    }

    @Test
    void aLaterStageOfTheSameNameShadowsTheEarlierOne() throws Exception {
        assertThat(Plans.of("FROM scratch AS x", "COPY one /", "FROM scratch AS x", "COPY two /", "FROM x", "COPY c /c")
                        .titles())
                .contains("[x 1/1] COPY two /")
                .doesNotContain("[x 1/1] COPY one /");
    }

    @Test
    void aStageMayBeNamedLikeTheImageThatItStartsFrom() throws Exception {
        assertThat(Plans.of("FROM debian AS debian", "FROM debian", "COPY a /a").missing())
                .containsExactly("debian:latest");
    }

    @Test
    void aMisspeltStageIsAnImageThatRemembersWhichStageWasMeant() throws Exception {
        assertThat(Plans.of("FROM scratch AS build", "FROM bulid", "COPY --from=biuld /a /b")
                        .planner()
                        .missingImages(Map.of()))
                .extracting(ImageRequest::nearStage)
                .containsExactly(Optional.of("build"), Optional.of("build"));
        assertThat(Plans.of("FROM debian").planner().missingImages(Map.of()))
                .extracting(ImageRequest::nearStage)
                .containsExactly(Optional.empty());
    }

    @Test
    void aStageCalledScratchIsThatStage() throws Exception {
        assertThat(Plans.of("FROM scratch AS scratch", "COPY a /a", "FROM scratch", "COPY b /b")
                        .titles())
                .containsExactly("FROM scratch", "[scratch 1/1] COPY a /a", "[stage-1 1/1] COPY b /b");
    }

    @Test
    void copyFromALaterStageIsRefusedWithItsLine() {
        assertThat(Plans.of("FROM scratch", "LABEL a=b", "COPY --from=later /a /b", "FROM scratch AS later", "FROM 0")
                        .target("0")
                        .refusal())
                .startsWith("3: ")
                .contains("\"later\"")
                .contains("it needs to be defined before current stage");
    }

    @Test
    void copyFromTheStageItselfIsRefused() {
        assertThat(Plans.of("FROM scratch AS me", "COPY --from=me /a /b").refusal())
                .startsWith("2: cannot copy from stage \"me\"");
    }

    @Test
    void aVariableInCopyFromIsRefusedWithItsLineBecauseItIsNotExpanded() {
        assertThat(Plans.of("FROM scratch AS a", "FROM scratch", "ARG S=a", "", "COPY --from=$S /a /b")
                        .refusal())
                .startsWith("5: ")
                .contains("COPY --from does not support variable expansion");
    }

    @Test
    void aVariableInTheCopyFromOfATriggerIsRefusedToo() {
        assertThat(Plans.of("FROM parent")
                        .image("parent", onBuild("COPY --from=$S /a /b"))
                        .refusal())
                .startsWith("1: ")
                .contains("COPY --from does not support variable expansion");
    }

    @Test
    void anUnknownReferenceInCopyFromIsAnImage() throws Exception {
        assertThat(Plans.of("FROM scratch", "COPY --from=nginx:1.27 /etc /etc").missing())
                .containsExactly("nginx:1.27");
    }

    @Test
    void aNumberBeyondTheStagesIsRefusedWithItsLine() {
        assertThat(Plans.of("FROM scratch", "COPY --from=7 /etc /etc").refusal())
                .startsWith("2: there is no stage 7");
    }

    @Test
    void anImpossibleImageNameIsRefusedWithItsLine() {
        assertThat(Plans.of("FROM scratch AS a", "FROM Not/A/Valid:Name:At:All").refusal())
                .startsWith("2: invalid image name");
    }

    @Test
    void onlyTheStagesThatTheTargetNeedsAskForImages() throws Exception {
        assertThat(Plans.of(
                                "FROM unused AS a",
                                "FROM needed AS b",
                                "FROM also-unused AS c",
                                "COPY --from=never /x /x",
                                "FROM last",
                                "COPY --from=b /x /x")
                        .missing())
                .containsExactly("needed:latest", "last:latest");
    }

    @Test
    void anImageThatTwoStagesNeedIsAskedForOnce() throws Exception {
        assertThat(Plans.of(
                                "FROM debian:12 AS a",
                                "FROM debian:12",
                                "COPY --from=a /x /x",
                                "COPY --from=debian:12 /y /y")
                        .missing())
                .containsExactly("debian:12");
    }

    @Test
    void anImageOfTwoPlatformsIsAskedForTwice() throws Exception {
        Planner planner = Plans.of("FROM --platform=linux/arm64 debian AS a", "FROM debian", "COPY --from=a /x /x")
                .planner();

        assertThat(planner.missingImages(Map.of()))
                .extracting(ImageRequest::platform)
                .containsExactly(Plans.ARM64, Plans.AMD64);
    }

    @Test
    void withoutTargetTheLastStageIsBuilt() throws Exception {
        assertThat(Plans.of(TWO_STAGES).titles()).last().isEqualTo("[final 1/1] COPY --from=build /a /b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"build", "BuilD", "0"})
    void theTargetIsAStageByNameInAnyCaseOrByNumber(String target) throws Exception {
        assertThat(Plans.of(TWO_STAGES).target(target).titles()).last().isEqualTo("[build 1/1] COPY a /a");
    }

    @Test
    void anUnknownTargetIsWrongUsageAndNamesTheStages() {
        assertThatThrownBy(() -> Plans.of(TWO_STAGES).target("biuld").plan())
                .isInstanceOfSatisfying(
                        BuildException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
                .hasMessage(
                        "there is no stage \"biuld\" in Dockerfile; its stages are build, final (did you mean build?)");
    }

    @Test
    void aTargetNumberPastTheLastStageIsUnknown() {
        assertThatThrownBy(() -> Plans.of(TWO_STAGES).target("2").plan()).hasMessageContaining("no stage \"2\"");
    }

    @Test
    void aTargetNumberTooLongForAnIntegerIsUnknownAndNoCrash() {
        assertThatThrownBy(() ->
                        Plans.of(TWO_STAGES).target("99999999999999999999").plan())
                .isInstanceOf(BuildException.class);
    }

    @Test
    void aBaseThatExpandsToNothingIsRefusedWithItsLine() {
        assertThat(Plans.of("ARG BASE", "FROM scratch AS a", "FROM $BASE").refusal())
                .startsWith("3: ")
                .contains("expands to nothing");
    }

    @Test
    void aPlatformThatIsNoneIsRefusedWithItsLine() {
        assertThat(Plans.of("FROM --platform=amd64/linux/v1/x debian").refusal())
                .startsWith("1: ");
        assertThat(Plans.of("ARG P", "FROM --platform=$P debian").refusal())
                .startsWith("2: the platform \"$P\" expands to nothing");
        assertThat(Plans.of("FROM --platform=$NONE scratch").refusal()).startsWith("1: the platform \"$NONE\" expands");
    }

    @Test
    void triggersOfABaseImageRunFirstAndMayNeedMoreImages() throws Exception {
        Plans plans = Plans.of("FROM parent", "COPY own /own");
        assertThat(plans.missing()).containsExactly("parent:latest");

        plans.image("parent", onBuild("COPY --from=tools /bin/tool /bin/tool", "WORKDIR /src"));
        assertThat(plans.missing()).containsExactly("tools:latest");

        plans.image("tools", onBuild("COPY --from=never /ignored /ignored"));
        assertThat(plans.missing()).isEmpty();
        assertThat(plans.titles())
                .endsWith(
                        "[2/4] ONBUILD COPY --from=tools /bin/tool /bin/tool",
                        "[3/4] ONBUILD WORKDIR /src",
                        "[4/4] COPY own /own");
    }

    @Test
    void triggersOfAnEarlierStageFireInTheStageThatStartsFromIt() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "ONBUILD COPY t /t", "FROM a", "COPY o /o", "FROM 1")
                        .target("1")
                        .titles())
                .containsExactly("FROM scratch", "[stage-1 1/2] ONBUILD COPY t /t", "[stage-1 2/2] COPY o /o");
    }

    @Test
    void triggersFireOnceAndAreNotPassedOn() throws Exception {
        Plans plans =
                Plans.of("FROM parent AS child", "FROM child", "LABEL a=b").image("parent", onBuild("COPY t /t"));

        assertThat(plans.titles()).hasSize(2).last().asString().contains("ONBUILD COPY t /t");
        assertThat(plans.config().onBuild()).isEmpty();
    }

    @Test
    void aBrokenTriggerIsSaidToStandInTheFromThatFiresIt() {
        assertThat(Plans.of("FROM scratch AS a", "LABEL a=b", "FROM parent")
                        .image("parent", onBuild("COPPY a b"))
                        .refusal())
                .isEqualTo("3: the ONBUILD trigger \"COPPY a b\" of the base image parent:latest: "
                        + "unknown instruction: COPPY (did you mean COPY?)");
    }

    @Test
    void aTriggerThatCannotBeExpandedNamesItselfAndItsBase() {
        assertThat(Plans.of("FROM parent")
                        .image("parent", onBuild("USER a", "LABEL a=${b:?none}"))
                        .refusal())
                .isEqualTo("1: the ONBUILD trigger \"LABEL a=${b:?none}\" of the base image parent:latest: b: none");
        assertThat(Plans.of("FROM scratch AS a", "ONBUILD COPY --from=7 /a /b", "FROM a")
                        .refusal())
                .startsWith(
                        "3: the ONBUILD trigger \"COPY --from=7 /a /b\" of the stage a (line 2): there is no stage 7");
    }

    @Test
    void aTriggerThatIsNotAllowedAsTriggerIsRefused() {
        for (String trigger : List.of("FROM scratch", "MAINTAINER x", "ONBUILD COPY a /a")) {
            assertThat(Plans.of("FROM parent").image("parent", onBuild(trigger)).refusal())
                    .as(trigger)
                    .startsWith("1: ");
        }
    }

    @Test
    void stagesThatARunWorksOnAreRootedAndOthersAreNot() throws Exception {
        Plans plans = Plans.of(
                "FROM scratch AS plain",
                "COPY a /a",
                "FROM scratch AS base",
                "COPY b /b",
                "FROM base AS run",
                "RUN make",
                "FROM base AS sibling",
                "COPY c /c",
                "FROM scratch",
                "COPY --from=plain / /plain/",
                "COPY --from=run / /run/",
                "COPY --from=sibling / /sibling/");

        assertThat(rooted(plans.plan().result()))
                .contains("[plain 1/1] COPY a /a: false", "[base 1/1] COPY b /b: true", "[run 1/1] RUN make: true")
                .contains("[stage-4 1/3] COPY --from=plain / /plain/: false");
    }

    private static List<String> rooted(Node top) {
        List<String> all = new ArrayList<>();
        for (Node input : top.inputs()) {
            all.addAll(rooted(input));
        }
        all.add(top.title() + ": " + top.rooted());
        return all;
    }

    @Test
    void aRunInAStageThatTheTargetDoesNotNeedRootsNothing() throws Exception {
        Node result = Plans.of("FROM scratch AS base", "COPY a /a", "FROM base", "RUN make", "FROM base", "COPY b /b")
                .plan()
                .result();

        assertThat(result.rooted()).isFalse();
    }

    private static ContainerConfig onBuild(String... triggers) {
        return ContainerConfig.EMPTY.copy().onBuild(List.of(triggers)).build();
    }

    @Test
    void aMisspeltPlatformIsBuiltForAsDockerDoesAndNoted() throws Exception {
        assertThat(Plans.of("FROM --platform=linux/amd46 scratch").plan().notes())
                .containsExactly("the platform linux/amd46 is none that is known (did you mean linux/amd64?) (line 1)");
        assertThat(Plans.of("FROM --platform=plan9/amd64 scratch").plan().notes())
                .isEmpty();
    }

    @Test
    void aWordThatIsNoPlatformIsRefusedWithTheNearest() {
        assertThat(Plans.of("FROM --platform=amd46 scratch").refusal())
                .startsWith("1: not a known architecture: \"amd46\"")
                .endsWith("(did you mean amd64?)");
    }
}
