package dev.jbuild.cli.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** Writes valid Dockerfiles at random, the same for the same seed, over one small context. */
public final class RandomDockerfile {
    private static final List<String> SOURCES = List.of(
            "a",
            "b",
            "dir",
            "dir/",
            "dir/.",
            "dir/sub",
            "./a",
            "/b",
            "../a",
            "d*",
            "*",
            "[ab]",
            "dir/*",
            ".",
            "link",
            "l*",
            "dir/up",
            "dir/up/d",
            "dir/run.sh",
            "*/run.??");
    private static final List<String> DIRECTORIES =
            List.of("/to/", "/to/deep/", "sub/", "./", ".", "/", "/opt/", "/opt/x/", "/to/../up/", "$D/", "${N:-/nn}/");
    private static final List<String> FILES =
            List.of("/file", "/to/file", "new", "./x/new", "/opt/file", "/home/app/file", "$D/f", "../up");
    private static final List<String> OWNERS = List.of("1:2", "3", "app", "member:staff", "$U", ":7", "app:0");
    private static final List<String> MODES = List.of("644", "0755", "600", "4711", "$M");
    private static final List<String> USERS = List.of("root", "app", "1234", "member:staff", "5:6", "$U");
    private static final List<String> WORKDIRS = List.of("/w", "w", "w/x", "..", "/opt/../w2", "$D", "/home/app", "/");
    private static final List<String> NAMES = List.of("A", "B", "C", "D", "U", "M", "N");
    private static final List<String> VALUES = List.of(
            "x",
            "\"two words\"",
            "'single $A'",
            "$A",
            "\"$B-${C:-dflt}\"",
            "a\\ b",
            "${A:+alt}",
            "${B#x}",
            "pre'mid 'post",
            "\\$A",
            "\"q\\\"q\"",
            "",
            "${C%%l*}",
            "${A/x/y}",
            "é");
    private static final List<String> COMMANDS = List.of(
            "echo \"$A|$B|$C\" > /tmp/run",
            "id > /tmp/id; pwd >> /tmp/id",
            "mkdir -p /tmp/made/in && touch /tmp/made/in/f",
            "echo $HOME \"$D\" >> /tmp/home",
            "ls -la / | awk '{print $1, $3, $4, $9}' > /tmp/list",
            "rm -rf /tmp/made",
            "umask > /tmp/umask; ln -s made /tmp/link; ln /tmp/umask /tmp/hard",
            "mv /tmp/run /tmp/moved; true",
            "chmod 600 /tmp/id; true",
            "cat /tmp/* > /all 2>/dev/null; true",
            "set -- $A; echo $# '$B' \\$C >> /tmp/args",
            "echo one \\\n    && echo two >> /tmp/two",
            "rm -rf /to /opt/x; mkdir -p /to && touch /to/kept; chown 3:4 /to",
            "[\"sh\", \"-c\", \"echo $A > /tmp/json\"]");
    private static final List<String> METADATA = List.of(
            "CMD [\"sh\", \"-c\", \"$A\"]",
            "CMD echo $A '$B'",
            "ENTRYPOINT [\"/bin/sh\"]",
            "ENTRYPOINT exec $A",
            "EXPOSE 80 443/udp $P",
            "EXPOSE 8000-8002",
            "VOLUME /data $D",
            "VOLUME [\"/v one\", \"/v2\"]",
            "STOPSIGNAL SIG$S",
            "HEALTHCHECK --interval=5s --retries=2 CMD test -f $D",
            "HEALTHCHECK NONE",
            "SHELL [\"/bin/ash\", \"-ec\"]",
            "MAINTAINER who ever",
            "ENV A two words $B",
            "LABEL one two",
            "ONBUILD ENV N=$A",
            "ONBUILD COPY a /triggered/",
            "ONBUILD RUN echo $A >> /tmp/trigger",
            "ONBUILD WORKDIR on/$A");
    private static final List<String> IGNORED = List.of(
            "*",
            "!a",
            "dir",
            "dir/*",
            "**/d",
            "!dir/sub",
            "b",
            "# comment",
            "",
            "/a",
            "./b",
            "d?r/sub",
            "[a]",
            "!dir",
            " b ");

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private char escape = '\\';
    private int stages;

    private RandomDockerfile(long seed) {
        this.random = new Random(seed);
    }

    /** The text of one Dockerfile. */
    public static String of(long seed) {
        return new RandomDockerfile(seed).write();
    }

    /** Makes a folder with the Dockerfile and the context that it copies from. */
    public static void writeTo(Path folder, long seed) throws IOException {
        Path context = folder.resolve("context");
        Files.createDirectories(context.resolve("dir/sub"));
        Files.writeString(context.resolve("a"), "a\n");
        Files.writeString(context.resolve("b"), "bb\n");
        Files.writeString(context.resolve("dir/c"), "c\n");
        Files.writeString(context.resolve("dir/sub/d"), "d\n");
        Files.writeString(context.resolve("dir/run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(context.resolve("dir/run.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setPosixFilePermissions(context.resolve("dir/sub"), PosixFilePermissions.fromString("rwx--x---"));
        Files.writeString(context.resolve("odd name"), "odd\n");
        Files.createSymbolicLink(context.resolve("link"), Path.of("a"));
        Files.createSymbolicLink(context.resolve("dir/up"), Path.of("../dir/sub"));
        Files.writeString(folder.resolve("Dockerfile"), of(seed));
        List<String> ignored = new RandomDockerfile(seed).ignored();
        if (!ignored.isEmpty()) {
            Files.write(context.resolve(".dockerignore"), ignored);
        }
    }

    /** The lines of a {@code .dockerignore}; in most contexts there is none. */
    private List<String> ignored() {
        int count = Math.max(0, random.nextInt(8) - 5);
        return Stream.generate(() -> any(IGNORED)).limit(count).toList();
    }

    private String write() {
        int count = 1 + random.nextInt(3);
        if (random.nextInt(8) == 0) {
            escape = '`';
            text.append("# escape=`\n");
        }
        if (random.nextInt(4) == 0) {
            line("ARG M=600 A=\"of all\"");
        }
        while (stages < count) {
            text.append("FROM ").append(base()).append(" AS s").append(stages).append('\n');
            line("ARG U=app M=640 D=/dd");
            int lines = 2 + random.nextInt(7);
            for (int i = 0; i < lines; i++) {
                instruction();
            }
            stages++;
        }
        return text.toString();
    }

    private String base() {
        return stages > 0 && random.nextInt(3) == 0 ? "s" + random.nextInt(stages) : Workplace.BASE;
    }

    private void instruction() {
        switch (random.nextInt(17)) {
            case 0, 1, 2 -> copy("COPY");
            case 3 -> copy("ADD");
            case 4, 5 -> line("RUN " + any(COMMANDS));
            case 6 -> line("ENV " + pairs());
            case 7 -> line("ARG " + any(NAMES) + (random.nextBoolean() ? "=" + any(VALUES) : ""));
            case 8 -> line("WORKDIR " + any(WORKDIRS));
            case 9 -> line("USER " + any(USERS));
            case 10 -> line("LABEL " + pairs());
            case 11, 12 -> line(any(METADATA));
            case 13 -> line("COPY [\"odd name\", \"a\", \"" + any(DIRECTORIES) + "\"]");
            case 14 -> heredoc();
            default -> copyFromStage();
        }
    }

    private void heredoc() {
        String quote = any(List.of("", "", "\"", "'"));
        String start = any(List.of("COPY ", "RUN ", "RUN cat > /tmp/doc ", "COPY --chown=app --chmod=640 ", "ADD "));
        line(start + "<<" + any(List.of("", "-")) + quote + "END" + quote
                + (start.startsWith("RUN") ? "" : " " + any(FILES)));
        text.append("echo \"$A\" ${B:-b} > /tmp/of_doc\n\techo tab \\$A \\\n  more\nEND\n");
    }

    private void copy(String keyword) {
        StringJoiner words = new StringJoiner(" ").add(keyword);
        flags(words);
        int sources = 1 + random.nextInt(3) / 2;
        for (int i = 0; i < sources; i++) {
            words.add(any(SOURCES));
        }
        words.add(any(DIRECTORIES));
        line(words.toString());
        if (random.nextInt(3) == 0) {
            line(keyword + " " + any(List.of("a", "b", "./dir/c")) + " " + any(FILES));
        }
    }

    /** Every stage has the base's files, so most of these are there. */
    private void copyFromStage() {
        if (stages == 0) {
            return;
        }
        StringJoiner words = new StringJoiner(" ").add("COPY --from=s" + random.nextInt(stages));
        flags(words);
        words.add(any(List.of("/etc/motd", "etc/group", "/home", "/home/app", "/tmp", "/e*c/mo?d", "/to", "/bin/cat")))
                .add(any(DIRECTORIES));
        line(words.toString());
    }

    private void flags(StringJoiner words) {
        if (random.nextInt(3) == 0) {
            words.add("--chown=" + any(OWNERS));
        }
        if (random.nextInt(4) == 0) {
            words.add("--chmod=" + any(MODES));
        }
    }

    private String pairs() {
        StringJoiner pairs = new StringJoiner(random.nextInt(4) == 0 ? " " + escape + "\n    " : " ");
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            pairs.add(any(NAMES) + "=" + any(VALUES));
        }
        return pairs.toString();
    }

    private void line(String instruction) {
        if (random.nextInt(10) == 0) {
            text.append("# a comment\n");
        }
        text.append(instruction).append('\n');
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
