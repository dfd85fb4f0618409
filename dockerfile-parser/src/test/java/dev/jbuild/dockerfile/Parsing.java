package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;

/** Parses texts in tests. */
final class Parsing {
    private Parsing() {}

    static Dockerfile dockerfile(String text) throws DockerfileException {
        return dockerfile(text, ParseLimits.DEFAULT);
    }

    static Dockerfile dockerfile(String text, ParseLimits limits) throws DockerfileException {
        return Dockerfile.parse("Dockerfile", text.getBytes(StandardCharsets.UTF_8), limits);
    }

    /** The one instruction of a stage that consists of it; the stage's FROM stands before it on line 1. */
    static <T extends Instruction> T instruction(Class<T> type, String text) throws DockerfileException {
        Stage stage = dockerfile("FROM x\n" + text).stages().getFirst();
        assertThat(stage.instructions()).hasSize(1);
        assertThat(stage.instructions().getFirst()).isInstanceOf(type);
        return type.cast(stage.instructions().getFirst());
    }

    /** Why a file is refused. */
    static DockerfileException failure(String text) {
        return failure(text, ParseLimits.DEFAULT);
    }

    static DockerfileException failure(String text, ParseLimits limits) {
        DockerfileException failure = catchThrowableOfType(DockerfileException.class, () -> dockerfile(text, limits));
        assertThat(failure).as("the failure of " + text).isNotNull();
        return failure;
    }

    /** Why an instruction is refused, without its place. */
    static String fault(String instruction) {
        return failure("FROM x\n" + instruction).sentence();
    }
}
