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
     * Reads an instruction that an ONBUILD left behind.
     *
     * @param firedAt the FROM that fires it: the instruction is said to stand there, and so are errors
     */
    public Instruction parseTrigger(Trigger trigger, SourceRange firedAt) throws DockerfileException {
        byte[] text = trigger.text().getBytes(StandardCharsets.UTF_8);
        return new DockerfileReader(name, text, ParseLimits.DEFAULT).readTrigger(firedAt.firing(trigger));
    }
}
