package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come: they are read, or refused with a place in the file. Seeded, so that a failure can be had again. */
class MutatedDockerfileTest {
    private static final int ROUNDS = 6_000;
    private static final int LONGEST = 4_000;

    private static final List<String> SEEDS = List.of("""
            # syntax=docker/dockerfile:1
            # escape=\\
            ARG TAG=1 OTHER
            FROM --platform=$BUILDPLATFORM base:${TAG:-2} AS build
            RUN --mount=type=cache,target=/root/.cache --network=none make \\
                # a comment
                all
            RUN <<-"EOF" && cat <<B
            \techo $x
            \tEOF
            b
            B
            COPY --chown=1:2 --exclude=*.md a b <<'f' /c/
            $1
            f
            ENV a=b c="d e" f=${g%%.*}
            LABEL x y z
            HEALTHCHECK --interval=1m --retries=3 CMD ["a", "\\u00e9"]
            ONBUILD ADD --checksum=sha256:00 http://x /y
            """, """
            #escape=`
            from scratch
            expose 80 53/udp
            volume ["/a b", "/c"]
            shell ["x"]
            workdir C:\\a`
            b
            user a:b
            stopsignal 9
            maintainer me
            cmd a
            entrypoint []
            """);

    private static final List<String> PIECES = List.of(
            "\\",
            "`",
            "\n",
            "\r\n",
            " ",
            "\t",
            "#",
            "\"",
            "'",
            "$",
            "${",
            "}",
            "<<",
            "<<-",
            "<<E",
            "\nE\n",
            "--",
            "=",
            "[",
            "]",
            "{",
            ",",
            "\0",
            "\uFEFF",
            "\u2028",
            "\u00a0",
            "\uD83D\uDE00",
            "RUN ",
            "ONBUILD ",
            "FROM ",
            "# escape=`\n",
            "--mount=",
            "type=tmpfs,size=",
            "HEALTHCHECK ",
            "NONE",
            ":-",
            "%%",
            "//",
            "*",
            "?");

    private final Random random = new Random(20_261_122);

    @Test
    void noMutationEndsInAnythingButAResultOrADockerfileException() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] text = mutated();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(10),
                    () -> readOrRefuse(text),
                    () -> "on " + new String(text, StandardCharsets.UTF_8));
        }
    }

    private byte[] mutated() {
        StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int k = random.nextInt(12); k >= 0; k--) {
            mutate(text);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(8));
        switch (random.nextInt(4)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
            default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        }
        text.setLength(Math.min(text.length(), LONGEST));
    }

    private static void readOrRefuse(byte[] text) {
        try {
            Dockerfile file = Dockerfile.parse("Dockerfile", text, ParseLimits.DEFAULT);
            for (Stage stage : file.stages()) {
                requirePlace(file.lines().size(), stage.from().range());
                stage.instructions().forEach(i -> requirePlace(file.lines().size(), i.range()));
                stage.instructions().forEach(i -> readFurther(file, i));
            }
        } catch (DockerfileException e) {
            requirePlace(Math.max(1, SourceLines.split(text).size()), e.range());
            assertThat(e.getMessage()).startsWith("Dockerfile:" + e.position().line() + ":");
            assertThat(e.excerpt(text)).startsWith("Dockerfile:" + e.range().firstLine() + "\n");
        }
    }

    private static void requirePlace(int lines, SourceRange range) {
        assertThat(range.lastLine()).isLessThanOrEqualTo(lines);
    }

    /** What a build does with an instruction next must not end in anything else either. */
    private static void readFurther(Dockerfile file, Instruction instruction) {
        WordExpander expander = new WordExpander(file.directives().escape(), ParseLimits.DEFAULT);
        Variables variables = name -> name.length() % 2 == 0 ? Optional.of("a b,*") : Optional.empty();
        try {
            switch (instruction) {
                case Instruction.Run run -> {
                    for (Word mount : run.mounts()) {
                        MountOptions.parse(mount, expander, variables);
                    }
                }
                case Instruction.Env env -> {
                    for (Assignment pair : env.variables()) {
                        expander.expand(pair.value(), variables);
                    }
                }
                case Instruction.Copy copy -> {
                    for (Heredoc heredoc : copy.files().heredocs()) {
                        expander.expand(heredoc, variables);
                    }
                    IgnoreRules.of(copy.files().exclude());
                }
                case Instruction.Expose expose ->
                    expander.expandWords(expose.ports().getFirst(), variables);
                case Instruction.OnBuild onBuild ->
                    file.parseTrigger(new Trigger(onBuild.trigger(), "stage x"), onBuild.range());
                default -> expander.expand(new Word(instruction.original()), variables);
            }
        } catch (ExpansionException | BadPatternException | DockerfileException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
