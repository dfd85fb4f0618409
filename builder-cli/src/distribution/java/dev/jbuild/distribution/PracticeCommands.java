package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that the start-up cache is trained on: what users type most, each in the ways it mostly ends. */
final class PracticeCommands {
    private static final int FILES = 40;

    private static final String BASE = """
            FROM scratch
            LABEL practice=base
            ENV PATH=/bin
            COPY files /files
            """;
    private static final String APP = """
            ARG BASE
            FROM ${BASE} AS first
            ARG VERSION=1
            ENV VERSION=${VERSION:-0} GREETING="hello"
            WORKDIR /work
            COPY --chown=1:1 files/file-1 files/file-2 ./
            RUN ["/does-not-exist"]
            FROM ${BASE}
            LABEL version="2" other=value
            COPY --from=first /files/file-3 /copied
            COPY . /context/
            EXPOSE 8080
            USER 1:1
            ENTRYPOINT ["/bin/app"]
            CMD ["--help"]
            """;
    private static final String WRONG = """
            FROM scratch
            COPPY a b
            """;

    private PracticeCommands() {}

    /** Writes what the commands read to {@code stage} and gives the commands. */
    static List<List<String>> write(Path stage, String registry) throws IOException {
        Path context = stage.resolve("context");
        Files.createDirectories(context.resolve("files"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(context.resolve("files/file-" + i), "practice ".repeat(i * 20));
        }
        Files.writeString(context.resolve(".dockerignore"), "**/*.tmp\n!keep.tmp\n");
        Files.writeString(stage.resolve("base"), BASE);
        Files.writeString(stage.resolve("app"), APP);
        Files.writeString(stage.resolve("app-without-run"), APP.replaceAll("(?m)^RUN.*\n", ""));
        Files.writeString(stage.resolve("wrong"), WRONG);
        return commands(stage, context, registry + "/practice/base:1", registry + "/practice/app:1");
    }

    private static List<List<String>> commands(Path stage, Path context, String base, String app) {
        List<List<String>> commands = new ArrayList<>();
        String dir = context.toString();
        String argument = "BASE=" + base;
        commands.add(List.of("build", "-f", stage.resolve("base").toString(), "-t", base, "--push", dir));
        commands.add(List.of("rmi", base));
        commands.add(List.of(
                "build", "-f", stage.resolve("app").toString(), "-t", app, "--build-arg", argument, "--push", dir));
        for (int i = 0; i < 2; i++) {
            commands.add(List.of(
                    "-f",
                    stage.resolve("app-without-run").toString(),
                    "-t",
                    app,
                    "--build-arg",
                    argument,
                    "--push",
                    dir));
        }
        commands.add(List.of("-q", "-f", stage.resolve("wrong").toString(), dir));
        commands.add(List.of("pull", base));
        commands.add(List.of("push", app));
        commands.add(List.of("images"));
        commands.add(List.of("inspect", app));
        commands.add(List.of("history", app));
        commands.add(List.of("rmi", app));
        commands.add(List.of("prune"));
        commands.add(List.of("--help"));
        commands.add(List.of("build", "--help"));
        commands.add(List.of("--no-such-flag"));
        commands.add(List.of("--version"));
        return commands;
    }
}
