package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.ContainerConfig;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the steps of a build are called while it runs. */
class StepTitlesTest {
    @Test
    void stepsAreNumberedAmongThoseThatChangeFiles() throws Exception {
        assertThat(Plans.of("FROM base AS build", "ENV A=1", "WORKDIR /src", "RUN make \\", "  all")
                        .image("base", ContainerConfig.EMPTY)
                        .titles())
                .satisfiesExactly(
                        from -> assertThat(from).startsWith("[build 1/3] FROM docker.io/library/base:latest@sha256:"),
                        workdir -> assertThat(workdir).isEqualTo("[build 2/3] WORKDIR /src"),
                        run -> assertThat(run).isEqualTo("[build 3/3] RUN make   all"));
    }

    @Test
    void numbersAreAlignedWhenThereAreTenOrMore() throws Exception {
        String[] copies = new String[10];
        Arrays.fill(copies, "COPY a /a");

        assertThat(Plans.scratch(copies).titles()).contains("[ 1/10] COPY a /a", "[10/10] COPY a /a");
    }

    @Test
    void aTitleIsOneLineEvenForAHeredoc() throws Exception {
        assertThat(Plans.scratch("RUN <<EOF", "one", "two", "EOF").titles())
                .last()
                .isEqualTo("[1/1] RUN <<EOF");
    }

    @Test
    void ofSeveralPlatformsEachStepSaysWhichItIsFor() throws Exception {
        assertThat(Plans.of("FROM scratch", "COPY a /a")
                        .oneOfSeveral()
                        .plan()
                        .result()
                        .title())
                .isEqualTo("[linux/amd64 1/1] COPY a /a");
        assertThat(Plans.of("FROM scratch AS app", "COPY a /a")
                        .oneOfSeveral()
                        .plan()
                        .result()
                        .title())
                .isEqualTo("[linux/amd64 app 1/1] COPY a /a");
    }
}
