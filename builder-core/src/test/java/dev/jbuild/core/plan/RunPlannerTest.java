package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.Entitlement;
import dev.jbuild.oci.ContainerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPlannerTest {
    @Test
    void aLineIsGivenToTheShellAsItIs() throws Exception {
        Plans plans = Plans.scratch("RUN echo \"$HOME\"  'a b' && true");

        assertThat(plans.last(Step.Run.class).argv()).containsExactly("/bin/sh", "-c", "echo \"$HOME\"  'a b' && true");
        assertThat(plans.history()).containsExactly("RUN /bin/sh -c echo \"$HOME\"  'a b' && true # buildkit");
    }

    @Test
    void aListIsExecutedWithoutShell() throws Exception {
        Plans plans = Plans.scratch("RUN [\"/bin/app\", \"-x\", \"$HOME\"]");

        assertThat(plans.last(Step.Run.class).argv()).containsExactly("/bin/app", "-x", "$HOME");
        assertThat(plans.history()).containsExactly("RUN /bin/app -x $HOME # buildkit");
    }

    @Test
    void theShellOfTheStageIsUsed() throws Exception {
        assertThat(Plans.scratch("SHELL [\"/bin/bash\", \"-euc\"]", "RUN x")
                        .last(Step.Run.class)
                        .argv())
                .containsExactly("/bin/bash", "-euc", "x");
    }

    @Test
    void theShellOfTheBaseIsUsed() throws Exception {
        ContainerConfig base =
                ContainerConfig.EMPTY.copy().shell(List.of("/bin/ash", "-c")).build();

        assertThat(Plans.of("FROM base", "RUN x")
                        .image("base", base)
                        .last(Step.Run.class)
                        .argv())
                .containsExactly("/bin/ash", "-c", "x");
    }

    @Test
    void argumentsStandBeforeTheCommandInHistoryInTheOrderOfDefinition() throws Exception {
        assertThat(Plans.scratch("ARG c=d", "ARG a=b", "RUN make").history())
                .last()
                .isEqualTo("RUN |2 c=d a=b /bin/sh -c make # buildkit");
    }

    @Test
    void argumentsOfTheStageBelowStandInHistoryToo() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "ARG x=1", "FROM a", "ARG y=2", "ARG x=3", "RUN make")
                        .history())
                .last()
                .isEqualTo("RUN |2 x=3 y=2 /bin/sh -c make # buildkit");
    }

    @Test
    void theStepHasUserDirectoryAndEnvironmentOfItsPlace() throws Exception {
        Step.Run run = Plans.scratch("ENV A=1", "USER app:grp", "WORKDIR /w", "RUN x", "ENV A=2", "USER other")
                .last(Step.Run.class);

        assertThat(run.user()).isEqualTo("app:grp");
        assertThat(run.workingDir()).isEqualTo("/w");
        assertThat(run.environment()).containsEntry("A", "1").containsKey("PATH");
    }

    @Test
    void withoutWorkdirAStepRunsInTheRoot() throws Exception {
        assertThat(Plans.of("FROM base", "RUN x")
                        .image("base", ContainerConfig.EMPTY)
                        .last(Step.Run.class)
                        .workingDir())
                .isEqualTo("/");
    }

    @Test
    void aHeredocIsTheShellsScript() throws Exception {
        assertThat(Plans.scratch("RUN <<EOF", "echo $A", "echo b", "EOF")
                        .last(Step.Run.class)
                        .argv())
                .containsExactly("/bin/sh", "-c", "echo $A\necho b\n");
    }

    @Test
    void aHeredocWithAnInterpreterIsAFileThatTheShellExecutes() throws Exception {
        Plans plans = Plans.scratch("RUN <<EOF", "#!/usr/bin/env python3", "print(1)", "EOF");
        Step.Run run = plans.last(Step.Run.class);

        assertThat(run.argv()).containsExactly("/bin/sh", "-c", "/dev/pipes/EOF");
        assertThat(run.mounts())
                .containsExactly(new RunMount.Script("/dev/pipes/EOF", "#!/usr/bin/env python3\nprint(1)\n"));
        assertThat(plans.history()).containsExactly("RUN /bin/sh -c /dev/pipes/EOF # buildkit");
    }

    @Test
    void anInterpreterBehindTabsIsACommentAsWithBuildKit() throws Exception {
        Step.Run run =
                Plans.scratch("RUN <<-EOF", "\t#!/bin/sh", "\techo a", "EOF").last(Step.Run.class);

        assertThat(run.argv()).containsExactly("/bin/sh", "-c", "#!/bin/sh\necho a\n");
        assertThat(run.mounts()).isEmpty();
    }

    @Test
    void aScriptWhoseNameIsAPathIsRefused() {
        assertThat(Plans.scratch("RUN <<a/b", "#!/bin/sh", "a/b").refusal()).contains("a script cannot be called");
    }

    @Test
    void aHeredocBesideACommandIsHandedToTheShell() throws Exception {
        Step.Run run = Plans.scratch("RUN cat <<EOF > /x", "body", "EOF").last(Step.Run.class);

        assertThat(run.argv()).containsExactly("/bin/sh", "-c", "cat <<EOF > /x\nbody\nEOF");
    }

    @Test
    void theNetworkIsTheBuildsUnlessTheStepSays() throws Exception {
        assertThat(Plans.scratch("RUN x").network("none").last(Step.Run.class).network())
                .isEqualTo("none");
        assertThat(Plans.scratch("RUN --network=none x").last(Step.Run.class).network())
                .isEqualTo("none");
    }

    @Test
    void aStepTakesTheHostsNetworkOnlyWhenTheBuildAllowsIt() throws Exception {
        Plans plans = Plans.scratch("LABEL a=b", "RUN --network=host x");

        assertThat(plans.refusal()).isEqualTo("3: RUN --network=host must be allowed: build with --allow network.host");
        assertThat(plans.allow(Entitlement.NETWORK_HOST).last(Step.Run.class).network())
                .isEqualTo("host");
    }

    @Test
    void whoGivesEveryStepTheHostsNetworkAllowsItToEachOne() throws Exception {
        assertThat(Plans.scratch("RUN --network=host x")
                        .network("host")
                        .last(Step.Run.class)
                        .network())
                .isEqualTo("host");
    }

    @Test
    void aStepLosesItsBoxOnlyWhenTheBuildAllowsIt() throws Exception {
        Plans plans = Plans.scratch("LABEL a=b", "RUN --security=insecure x");

        assertThat(plans.refusal())
                .isEqualTo("3: RUN --security=insecure must be allowed: build with --allow security.insecure");
        assertThat(plans.allow(Entitlement.SECURITY_INSECURE)
                        .last(Step.Run.class)
                        .insecure())
                .isTrue();
        assertThat(Plans.scratch("RUN --security=sandbox x")
                        .last(Step.Run.class)
                        .insecure())
                .isFalse();
    }

    @Test
    void aDeviceIsRefusedByName() {
        assertThat(Plans.scratch("LABEL a=b", "RUN --device=vendor.com/gpu=all x")
                        .refusal())
                .startsWith("3: RUN --device=vendor.com/gpu=all is not supported")
                .contains("CDI");
    }
}
