package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.Output;
import dev.jbuild.oci.ImageName;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputArgumentTest {
    private static final Path HERE = Path.of("/here");

    private static OutputArgument parse(String text) throws UsageException {
        return OutputArgument.parse(text, HERE);
    }

    @ParameterizedTest
    @CsvSource({"oci,OCI", "docker,DOCKER", "tar,TAR", "local,LOCAL"})
    void filesAreRelativeToTheWorkingDirectory(String type, Output.Kind kind) throws UsageException {
        assertThat(parse("type=" + type + ",dest=out").output())
                .contains(new Output(kind, Optional.of(HERE.resolve("out"))));
    }

    @Test
    void archivesWithoutDestinationGoToStandardOutput() throws UsageException {
        assertThat(parse("type=oci").output()).contains(new Output(Output.Kind.OCI, Optional.empty()));
        assertThat(parse("type=docker,dest=-").output()).contains(new Output(Output.Kind.DOCKER, Optional.empty()));
        assertThat(parse("-").output()).contains(new Output(Output.Kind.TAR, Optional.empty()));
    }

    @Test
    void aBareWordIsADirectory() throws UsageException {
        assertThat(parse("out/put").output())
                .contains(new Output(Output.Kind.LOCAL, Optional.of(HERE.resolve("out/put"))));
    }

    @Test
    void quotesKeepCommas() throws UsageException {
        assertThat(parse("type=local,\"dest=a,b\"").output())
                .contains(new Output(Output.Kind.LOCAL, Optional.of(HERE.resolve("a,b"))));
        assertThat(parse("type=image,\"name=a:1,b:2\"").names())
                .containsExactly(ImageName.parse("a:1"), ImageName.parse("b:2"));
    }

    @Test
    void imageAndRegistryNameAndPush() throws UsageException {
        OutputArgument image = parse("type=image,name=a:1,push=true");
        assertThat(image.names()).containsExactly(ImageName.parse("a:1"));
        assertThat(image.push()).isTrue();
        assertThat(parse("type=image,name=a:1").push()).isFalse();
        assertThat(parse("type=registry,name=a:1").push()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dest=x",
                "type=nonsense",
                "type=local",
                "type=cacheonly",
                "type=oci,dest=x,compression=zstd",
                "type=oci,tar=false",
                "type=image,store=false",
                "type=image,name=UPPER//",
                "type=image,push=perhaps",
                "type=oci,type=tar",
                "type=oci,\"dest=x"
            })
    void whatCannotBeDoneIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void theRefusalNamesTheOption() {
        assertThatThrownBy(() -> parse("type=image,compression=zstd"))
                .hasMessage("--output type=image: compression is not supported yet");
    }
}
