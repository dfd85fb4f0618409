package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.Trigger;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureLocatorTest {
    @Test
    void anImageThatIsNotThereIsShownWhereItIsNamedWithTheStageThatWasMeant() throws Exception {
        byte[] text = "FROM scratch AS build\nFROM bulid\n".getBytes(StandardCharsets.UTF_8);
        Dockerfile dockerfile = Dockerfile.parse("Dockerfile", text, ParseLimits.DEFAULT);
        ImageRequest request = new ImageRequest(
                ImageName.parse("bulid"),
                Platform.parse("linux/amd64"),
                Optional.empty(),
                dockerfile.stages().get(1).from().range(),
                Optional.of("build"));

        BuildException located =
                new FailureLocator(dockerfile).locate(request, new BuildException(Kind.REGISTRY, "no such image"));

        assertThat(located)
                .hasMessage("Dockerfile:2: no such image (did you mean the stage build?)")
                .extracting(BuildException::kind)
                .isEqualTo(Kind.REGISTRY);
        assertThat(located.excerpt()).get().asString().contains("   2 | >>> FROM bulid");
    }

    @Test
    void aTriggerThatFailsIsToldWithItsBaseAtTheFromThatFiredIt() throws Exception {
        byte[] text = "FROM scratch\nFROM app\n".getBytes(StandardCharsets.UTF_8);
        Dockerfile dockerfile = Dockerfile.parse("Dockerfile", text, ParseLimits.DEFAULT);
        Instruction run = dockerfile.parseTrigger(
                new Trigger("RUN make", "base image app"),
                dockerfile.stages().get(1).from().range());

        BuildException located =
                new FailureLocator(dockerfile).locate(run.range(), new BuildException(Kind.BUILD, "exit code 2: make"));

        assertThat(located)
                .hasMessage("Dockerfile:2: the ONBUILD trigger \"RUN make\" of the base image app: exit code 2: make");
        assertThat(located.excerpt()).get().asString().contains("   2 | >>> FROM app");
    }
}
