package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The commands that the start-up cache is trained on: what users type most, each in the ways it mostly ends. */
final class PracticeCommands {
    private static final int FILES = 40;

    private static final String BASE = """
            FROM scratch
            LABEL practice=base
            ENV PATH=/bin
            COPY program /bin/sh
            COPY files /files
            COPY etc /etc
            """;
    private static final String APP = """
            # syntax=docker/dockerfile:1
            ARG BASE
            FROM ${BASE} AS first
            ARG VERSION=1
            ENV VERSION=${VERSION:-0} GREETING="hello"
            WORKDIR /work
            RUN echo "$GREETING" && true
            COPY --chown=1:1 files/file-1 files/file-2 ./
            RUN ["/bin/sh"]
            FROM ${BASE}
            LABEL version="2" other=value
            COPY --from=first /files/file-3 /copied
            COPY . /context/
            RUN true
            USER practice
            RUN true
            EXPOSE 8080
            USER 1:1
            ENTRYPOINT ["/bin/app"]
            CMD ["--help"]
            """;
    private static final String WRONG = """
            FROM scratch
            COPPY a b
            """;

    private final Path stage;
    private final Path context;
    private final List<List<String>> commands = new ArrayList<>();

    private PracticeCommands(Path stage) {
        this.stage = stage;
        this.context = stage.resolve("context");
    }

    /** Writes what the commands read to {@code stage} and gives the commands. */
    static List<List<String>> write(Path stage, String registry) throws IOException {
        PracticeCommands practice = new PracticeCommands(stage);
        practice.writeContext();
        practice.script(registry + "/practice/base:1", registry + "/practice/app:1");
        return practice.commands;
    }

    private void writeContext() throws IOException {
        Files.createDirectories(context.resolve("files"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(context.resolve("files/file-" + i), "practice ".repeat(i * 20));
        }
        Files.createDirectory(context.resolve("etc"));
        Files.writeString(context.resolve("etc/passwd"), "practice:x:1000:1000::/home/practice:/bin/sh\n");
        Files.writeString(context.resolve("etc/group"), "practice:x:1000:\nothers:x:1001:practice\n");
        Path program = context.resolve("program");
        Files.write(program, TinyProgram.forArchitecture(System.getProperty("os.arch")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(context.resolve(".dockerignore"), "**/*.tmp\n!keep.tmp\n");
        Files.writeString(stage.resolve("base"), BASE);
        Files.writeString(stage.resolve("app"), APP);
        Files.writeString(stage.resolve("wrong"), WRONG);
    }

    private void script(String base, String app) throws IOException {
        build("base", base);
        command("rmi", base);
        command("prune", "--all");
        build("app", app, "--build-arg", "BASE=" + base);
        build("app", app, "--build-arg", "BASE=" + base);
        build("app", app, "--build-arg", "BASE=" + base, "-q", "--network=host");
        command("-q", "-f", stage.resolve("wrong").toString(), context.toString());
        command("pull", base);
        command("push", app);
        command("images");
        command("inspect", app);
        command("history", app);
        command("rmi", app);
        command("prune");
        command("--help");
        command("build", "--help");
        command("--no-such-flag");
    }

    private void build(String dockerfile, String name, String... flags) {
        List<String> words =
                new ArrayList<>(List.of("-f", stage.resolve(dockerfile).toString(), "-t", name, "--push"));
        words.addAll(List.of(flags));
        words.add(context.toString());
        commands.add(words);
    }

    private void command(String... words) {
        commands.add(List.of(words));
    }
}
