package dev.jbuild.core.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes files that are almost right: of those of the test data, and of ones that are made up. The same for the same seed. */
final class Mutations {
    private static final int LONGEST = 8_000;

    private static final List<String> INSTRUCTIONS = List.of(
            "FROM $I AS n",
            "FROM --platform=$BUILDPLATFORM image:tag@sha256:0",
            "ARG A B=${A:-x} C",
            "ENV A=$B C=\"${D##*/}\" E='f'",
            "ENV KEY rest of line",
            "LABEL a.b=\"c d\" e",
            "RUN --mount=type=cache,target=/c,id=$A,sharing=locked,uid=1 echo $A",
            "RUN --mount=type=bind,from=n,source=/a,target=b --network=none [\"a\", \"b\"]",
            "RUN --mount=type=secret,id=s,env=S,required --mount=type=ssh,mode=0600 --security=insecure x",
            "RUN --device=a/b=c true",
            "RUN <<A cat <<-\"B\"\n$x\nA\n\t\ty\n\tB",
            "COPY --from=n --chown=$U:g --chmod=u=rwX,go=rX --link --parents --exclude=*.md a/./b c*/ /d/",
            "COPY <<F <<\"G\" /h/\n${i:?j}\nF\n$k\nG",
            "COPY [\"a b\", \"/c\"]",
            "ADD --checksum=sha256:00 --keep-git-dir=true --unpack=false https://h/r.git?ref=v1&subdir=d#x:y /z",
            "ADD git@h:r.git#main:sub /z",
            "WORKDIR ../$W/./x",
            "USER ${U:+u}:0",
            "EXPOSE $P 80-90/udp 1:2:3/tcp",
            "VOLUME [\"/a\", \"$V\"]",
            "HEALTHCHECK --interval=1m30s --start-interval=1ms --retries=3 CMD a || b",
            "HEALTHCHECK NONE",
            "SHELL [\"s\", \"-c\"]",
            "STOPSIGNAL ${S:-9}",
            "CMD a $b",
            "ENTRYPOINT [\"\\u0041\", \"\\ud83d\"]",
            "ONBUILD COPY --from=n a b",
            "ONBUILD RUN <<E\nx\nE",
            "MAINTAINER m e",
            "# a comment \\",
            "# escape=`",
            "# check=skip=all;error=true");

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
            ":-",
            ":?",
            "##",
            "%%",
            "//",
            "*",
            "?",
            "**/",
            "!",
            "/",
            "..",
            "./",
            "[a-",
            "^",
            "&",
            ";",
            "0",
            "99999999999",
            "-1",
            "RUN ",
            "ONBUILD ",
            "FROM ",
            "AS ",
            "NONE",
            "scratch",
            "${A}${A}",
            "type=tmpfs,size=",
            "from=");

    private static final List<String> PATTERNS = List.of(
            "*", "**", "**/*.md", "!a/b", "a/**/c", "/d", "./e/", "[a-c]?", "x/../y", "!", "\\*", "f*g", "# h", "..");

    private final List<String> dockerfiles = new ArrayList<>(List.of(""));
    private final List<String> ignoreFiles = new ArrayList<>(List.of(String.join("\n", PATTERNS)));

    /** Reads the files to start from. */
    static Mutations of(Path testdata) throws IOException {
        Mutations mutations = new Mutations();
        try (Stream<Path> files = Files.walk(testdata)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".dockerignore")) {
                    mutations.ignoreFiles.add(text(file));
                } else if (name.endsWith("Dockerfile")) {
                    mutations.dockerfiles.add(text(file));
                }
            }
        }
        return mutations;
    }

    private static String text(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return new String(bytes, 0, Math.min(bytes.length, LONGEST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Dockerfile. */
    byte[] dockerfile(Random random) {
        String start = random.nextBoolean() ? any(dockerfiles, random) : madeUp(random);
        return mutated(start, any(dockerfiles, random), random);
    }

    /** An ignore file. */
    byte[] ignoreFile(Random random) {
        return mutated(any(ignoreFiles, random), any(ignoreFiles, random), random);
    }

    private static String madeUp(Random random) {
        StringBuilder text = new StringBuilder("FROM scratch AS n\n");
        for (int lines = random.nextInt(12); lines >= 0; lines--) {
            text.append(any(INSTRUCTIONS, random)).append('\n');
        }
        return text.toString();
    }

    private static byte[] mutated(String start, String other, Random random) {
        StringBuilder text = new StringBuilder(start);
        for (int k = random.nextInt(8); k > 0; k--) {
            mutate(text, other, random);
        }
        text.setLength(Math.min(text.length(), LONGEST));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(8) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void mutate(StringBuilder text, String other, Random random) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(6)) {
            case 0 -> text.delete(at, Math.min(text.length(), at + random.nextInt(8)));
            case 1 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
            case 2 -> text.insert(at, part(other, random));
            case 3 -> text.insert(at, any(PIECES, random).repeat(1 + random.nextInt(40)));
            default -> text.insert(at, any(PIECES, random));
        }
    }

    private static String part(String other, Random random) {
        int from = random.nextInt(other.length() + 1);
        return other.substring(from, Math.min(other.length(), from + random.nextInt(80)));
    }

    private static String any(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
