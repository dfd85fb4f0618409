package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.dockerfile.Instruction.Run;
import dev.jbuild.dockerfile.Instruction.RunNetwork;
import dev.jbuild.dockerfile.Instruction.RunSecurity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
    @Test
    void aPlainRunHasTheStandardNetworkAndSandbox() throws DockerfileException {
        Run run = instruction(Run.class, "RUN make all");

        assertThat(run.command()).isEqualTo(new CommandLine.Shell("make all", List.of()));
        assertThat(run.network()).isEqualTo(RunNetwork.DEFAULT);
        assertThat(run.security()).isEqualTo(RunSecurity.SANDBOX);
        assertThat(run.mounts()).isEmpty();
        assertThat(run.devices()).isEmpty();
    }

    @Test
    void allFlagsAreRead() throws DockerfileException {
        Run run = instruction(
                Run.class,
                "RUN --mount=type=cache,target=$T --network=none --security=insecure --mount=type=tmpfs,target=/t"
                        + " --device=vendor.com/gpu=0,required [\"make\", \"$x\"]");

        assertThat(run.mounts()).containsExactly(new Word("type=cache,target=$T"), new Word("type=tmpfs,target=/t"));
        assertThat(run.network()).isEqualTo(RunNetwork.NONE);
        assertThat(run.security()).isEqualTo(RunSecurity.INSECURE);
        assertThat(run.devices()).containsExactly(new Device("vendor.com/gpu=0", true));
        assertThat(run.command()).isEqualTo(new CommandLine.Exec(List.of("make", "$x")));
    }

    @Test
    void devicesAreNamedWithOrWithoutTheirKey() throws DockerfileException {
        assertThat(instruction(Run.class, "RUN --device=name=a,required=false --device=b x")
                        .devices())
                .containsExactly(new Device("a", false), new Device("b", false));
        assertThat(fault("RUN --device=a,requird=true x"))
                .isEqualTo("unexpected key 'requird' in 'requird=true' (did you mean required?)");
    }

    @ParameterizedTest
    @CsvSource({
        "RUN --network=hots x, 'the flag --network is one of default, none, host, not \"hots\" (did you mean host?)'",
        "RUN --security=no x, 'the flag --security is one of sandbox, insecure, not \"no\"'",
        "RUN --mount=from=$a x, '''from'' doesn''t support variable expansion, define alias stage instead'",
        "RUN --mount= x, the flag --mount has no value",
        "RUN [], RUN has an empty JSON array for its command",
    })
    void whatMeansNothingIsRefused(String text, String fault) {
        assertThat(fault(text)).isEqualTo(fault);
    }
}
