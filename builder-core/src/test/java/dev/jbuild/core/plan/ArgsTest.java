package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Platform;
import org.junit.jupiter.api.Test;

/** ARG: where it is known, what it defaults to, and where it leaves a trace. */
class ArgsTest {
    @Test
    void aGlobalArgumentIsKnownInFromLines() throws Exception {
        assertThat(Plans.of("ARG VERSION=12", "FROM debian:$VERSION").missing()).containsExactly("debian:12");
    }

    @Test
    void aGivenValueBeatsTheDefault() throws Exception {
        assertThat(Plans.of("ARG VERSION=12", "FROM debian:$VERSION")
                        .arg("VERSION", "13")
                        .missing())
                .containsExactly("debian:13");
    }

    @Test
    void globalArgumentsSeeTheOnesBeforeThem() throws Exception {
        assertThat(Plans.of("ARG A=deb", "ARG B=${A}ian C=${B}", "FROM ${B}:${C:-x}")
                        .missing())
                .containsExactly("debian:debian");
    }

    @Test
    void aGlobalArgumentIsUnknownInAStageUntilItIsImported() throws Exception {
        assertThat(Plans.of("ARG V=1", "FROM scratch", "LABEL before=$V", "ARG V", "LABEL after=$V")
                        .config()
                        .labels())
                .containsEntry("before", "")
                .containsEntry("after", "1");
    }

    @Test
    void anImportMayHaveADefaultOfItsOwn() throws Exception {
        assertThat(Plans.of("ARG V=1", "FROM scratch", "ARG V=2", "LABEL v=$V")
                        .config()
                        .labels())
                .containsEntry("v", "2");
    }

    @Test
    void aStageArgumentIsUnknownInTheNextStage() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "ARG V=1", "FROM scratch", "LABEL v=${V:-none}")
                        .config()
                        .labels())
                .containsEntry("v", "none");
    }

    @Test
    void aStageThatStartsFromAnotherInheritsItsArguments() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "ARG V=1", "FROM a", "LABEL v=${V:-none}")
                        .config()
                        .labels())
                .containsEntry("v", "1");
    }

    @Test
    void anArgumentWithoutValueIsNotSetWhileAnEmptyDefaultIs() throws Exception {
        assertThat(Plans.scratch("ARG A", "ARG B=", "LABEL a=${A-unset} b=${B-unset}")
                        .config()
                        .labels())
                .containsEntry("a", "unset")
                .containsEntry("b", "");
    }

    @Test
    void aGivenValueKeepsTheDefaultFromBeingExpanded() throws Exception {
        Plans plans = Plans.scratch("ARG V=${NEVER:?unset}", "LABEL v=$V");

        assertThat(plans.refusal()).startsWith("2: ").contains("NEVER: unset");
        assertThat(plans.arg("V", "given").config().labels()).containsEntry("v", "given");
    }

    @Test
    void aGivenValueKeepsAGlobalDefaultFromBeingExpanded() throws Exception {
        Plans plans = Plans.of("ARG V=${NEVER:?unset}", "FROM scratch");

        assertThat(plans.refusal()).startsWith("1: ").contains("NEVER: unset");
        assertThat(plans.arg("V", "x").history()).isEmpty();
    }

    @Test
    void anArgumentAfterAnEnvironmentVariableHidesItForTheBuildButNotInTheImage() throws Exception {
        Plans plans = Plans.scratch("ENV V=env", "ARG V=arg", "LABEL v=$V");

        assertThat(plans.config().labels()).containsEntry("v", "arg");
        assertThat(plans.config().environment()).containsEntry("V", "env");
    }

    @Test
    void anEnvironmentVariableAfterTheArgumentHidesIt() throws Exception {
        assertThat(Plans.scratch("ARG V", "ENV V=env", "LABEL v=$V")
                        .arg("V", "given")
                        .config()
                        .labels())
                .containsEntry("v", "env");
    }

    @Test
    void anEnvironmentVariableAfterTheArgumentMayTakeItsValue() throws Exception {
        assertThat(Plans.scratch("ARG V=arg", "ENV V=${V:-env}", "LABEL v=$V")
                        .config()
                        .env())
                .contains("V=arg");
    }

    @Test
    void argumentsNeverReachTheImagesEnvironment() throws Exception {
        assertThat(Plans.scratch("ARG SECRET=1", "RUN true").config().environment())
                .containsOnlyKeys("PATH");
    }

    @Test
    void argumentsReachTheEnvironmentOfARun() throws Exception {
        assertThat(Plans.scratch("ARG A=1", "ARG UNSET", "RUN true")
                        .last(Step.Run.class)
                        .environment())
                .containsEntry("A", "1")
                .doesNotContainKey("UNSET");
    }

    @Test
    void platformArgumentsAreKnownInFromLinesWithoutDefinition() throws Exception {
        Plans plans = Plans.of("FROM tools-$TARGETARCH-$BUILDARCH-$TARGETOS").platform(Plans.ARM64);

        assertThat(plans.missing()).containsExactly("tools-arm64-amd64-linux:latest");
    }

    @Test
    void platformArgumentsMustBeImportedInAStage() throws Exception {
        assertThat(Plans.scratch("LABEL a=$TARGETPLATFORM", "ARG TARGETPLATFORM", "LABEL b=$TARGETPLATFORM")
                        .platform(Plans.ARM64)
                        .config()
                        .labels())
                .containsEntry("a", "")
                .containsEntry("b", "linux/arm64");
    }

    @Test
    void theVariantOfAPlatformIsAnArgument() throws Exception {
        assertThat(Plans.scratch("ARG TARGETVARIANT", "LABEL v=$TARGETVARIANT")
                        .platform(Platform.parse("linux/arm/v7"))
                        .config()
                        .labels())
                .containsEntry("v", "v7");
    }

    @Test
    void theTargetStageIsNamedByAnArgument() throws Exception {
        assertThat(Plans.of("FROM scratch AS app", "ARG TARGETSTAGE", "LABEL s=$TARGETSTAGE")
                        .config()
                        .labels())
                .containsEntry("s", "app");
        assertThat(Plans.scratch("ARG TARGETSTAGE", "LABEL s=$TARGETSTAGE")
                        .config()
                        .labels())
                .containsEntry("s", "default");
    }

    @Test
    void anArgumentThatNoInstructionTakesIsNoted() throws Exception {
        assertThat(Plans.scratch("ARG USED")
                        .arg("USED", "1")
                        .arg("TYPO", "2")
                        .plan()
                        .notes())
                .singleElement()
                .asString()
                .contains("TYPO")
                .contains("not used");
    }

    @Test
    void aMisspeltArgumentIsNotedWithTheArgThatWasMeant() throws Exception {
        assertThat(Plans.scratch("ARG VERSION").arg("VERSOIN", "2").plan().notes())
                .containsExactly("build argument VERSOIN is not used: no ARG VERSOIN in the stages that were built"
                        + " (did you mean VERSION?)");
    }

    @Test
    void argumentsForTheNetworkAndTheBuilderAreNeverNoted() throws Exception {
        assertThat(Plans.scratch("LABEL a=b")
                        .arg("HTTP_PROXY", "http://p")
                        .arg("no_proxy", "x")
                        .arg("SOURCE_DATE_EPOCH", "0")
                        .arg("BUILDKIT_INLINE_CACHE", "1")
                        .plan()
                        .notes())
                .isEmpty();
    }

    @Test
    void anArgumentOfAStageThatIsNotBuiltIsNoted() throws Exception {
        assertThat(Plans.of("FROM scratch AS skipped", "ARG A", "FROM scratch")
                        .arg("A", "1")
                        .plan()
                        .notes())
                .hasSize(1);
    }

    @Test
    void proxiesReachARunInBothSpellingsButNeitherKeyNorHistory() throws Exception {
        Plans plans = Plans.scratch("RUN fetch").arg("http_proxy", "http://proxy:3128");
        Step.Run run = plans.last(Step.Run.class);

        assertThat(run.hiddenEnvironment())
                .containsEntry("HTTP_PROXY", "http://proxy:3128")
                .containsEntry("http_proxy", "http://proxy:3128");
        assertThat(run.environment()).doesNotContainKeys("HTTP_PROXY", "http_proxy");
        assertThat(plans.history()).containsExactly("RUN /bin/sh -c fetch # buildkit");
    }

    @Test
    void aProxyThatTheDockerfileDefinesIsAnArgumentLikeAnyOther() throws Exception {
        Plans plans = Plans.scratch("ARG HTTP_PROXY", "RUN fetch").arg("HTTP_PROXY", "http://proxy");

        assertThat(plans.last(Step.Run.class).environment())
                .containsEntry("HTTP_PROXY", "http://proxy")
                .doesNotContainKey("http_proxy");
        assertThat(plans.last(Step.Run.class).hiddenEnvironment()).containsEntry("http_proxy", "http://proxy");
    }

    @Test
    void aBareArgumentIsShownWithoutEqualsSign() throws Exception {
        assertThat(Plans.scratch("ARG A", "ARG B=", "ARG C=1 D=2").history())
                .containsExactly("ARG A", "ARG B=", "ARG C=1 D=2");
    }

    @Test
    void theNameOfAnArgIsNotExpanded() throws Exception {
        assertThat(Plans.scratch("ENV k=name", "ARG $k=x", "LABEL a=$name").history())
                .containsExactly("ENV k=name", "ARG $k=x", "LABEL a=");
    }

    @Test
    void aStageBeginsWithTheEnvironmentOfItsBaseOnTopOfTheArgs() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "ENV x=env", "ARG x=arg", "LABEL a=$x", "FROM a", "LABEL b=$x")
                        .config()
                        .labels())
                .containsEntry("a", "arg")
                .containsEntry("b", "env");
    }
}
