package dev.jbuild.dockerfile;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A Dockerfile, parsed: nothing in it is expanded.
 *
 * @param name of the file, as the user knows it
 * @param lines of the file without their endings, to show where an error is
 * @param globalArgs the ARGs before the first FROM
 * @param stages in order, at least one
 */
public record Dockerfile(
        String name, List<String> lines, Directives directives, List<Instruction.Arg> globalArgs, List<Stage> stages) {
    public Dockerfile {
        lines = List.copyOf(lines);
        globalArgs = List.copyOf(globalArgs);
        stages = List.copyOf(stages);
    }

    /**
     * Reads a Dockerfile.
     *
     * @param text its bytes, UTF-8
     * @throws DockerfileException where it is not one, or goes beyond a limit
     */
    public static Dockerfile parse(String name, byte[] text, ParseLimits limits) throws DockerfileException {
        return new DockerfileReader(name, text, limits).read();
    }

    /**
     * Reads the trigger that an ONBUILD left in a base image.
     *
     * @param firedAt the FROM of that base: the instruction is said to stand there, and so are errors
     */
    public Instruction parseTrigger(String trigger, SourceRange firedAt) throws DockerfileException {
        byte[] text = trigger.getBytes(StandardCharsets.UTF_8);
        try {
            return new DockerfileReader(name, text, ParseLimits.DEFAULT).readTrigger(firedAt);
        } catch (DockerfileException e) {
            String sentence = "the base image's ONBUILD trigger \"" + Excerpt.visible(trigger, 80)
                    + "\" cannot be read: " + e.cause();
            DockerfileException error =
                    new DockerfileException(name, firedAt, firedAt.start(), sentence, e.suggestion());
            error.initCause(e);
            throw error;
        }
    }
}
