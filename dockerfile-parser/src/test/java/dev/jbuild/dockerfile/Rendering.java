package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A parsed Dockerfile as text, an instruction a line, to compare with a golden file. */
final class Rendering {
    private final StringBuilder text = new StringBuilder();

    private Rendering() {}

    static String of(Dockerfile file) {
        Rendering rendering = new Rendering();
        Directives directives = file.directives();
        rendering.line("directives syntax " + directives.syntax().orElse("-") + " escape " + directives.escape()
                + " check " + directives.check().orElse("-"));
        file.globalArgs().forEach(rendering::instruction);
        for (Stage stage : file.stages()) {
            rendering.line("stage " + stage.index() + " " + stage.name().orElse("(no name)"));
            rendering.instruction(stage.from());
            stage.instructions().forEach(rendering::instruction);
        }
        return rendering.text.toString();
    }

    private void line(String line) {
        text.append(line.replace("Optional.empty", "-").replaceAll("Optional\\[(.*?)\\]", "$1"))
                .append('\n');
    }

    private void instruction(Instruction instruction) {
        SourceRange range = instruction.range();
        String lines = range.firstLine() == range.lastLine()
                ? String.valueOf(range.firstLine())
                : range.firstLine() + "-" + range.lastLine();
        line(lines + "\t" + instruction.getClass().getSimpleName() + " " + content(instruction));
        instruction.source().comments().forEach(c -> line("\t  described: " + c));
    }

    private static String content(Instruction instruction) {
        return switch (instruction) {
            case Instruction.From from -> word(from.image()) + " platform " + words(from.platform());
            case Instruction.Run run ->
                command(run.command()) + " mounts " + words(run.mounts()) + " network " + run.network() + " security "
                        + run.security();
            case Instruction.Cmd cmd -> command(cmd.command());
            case Instruction.Entrypoint entrypoint -> command(entrypoint.command());
            case Instruction.Env env -> pairs(env.variables());
            case Instruction.Label label -> pairs(label.labels());
            case Instruction.Arg arg ->
                arg.definitions().stream()
                        .map(d -> word(d.key()) + " = " + words(d.defaultValue()))
                        .collect(Collectors.joining(", "));
            case Instruction.Copy copy ->
                transfer(copy.files()) + " from " + copy.from().orElse("-") + " parents " + copy.parents();
            case Instruction.Add add ->
                transfer(add.files()) + " checksum " + words(add.checksum()) + " unpack "
                        + add.unpack().map(String::valueOf).orElse("-");
            case Instruction.Workdir workdir -> word(workdir.path());
            case Instruction.User user -> word(user.user());
            case Instruction.Expose expose -> words(expose.ports());
            case Instruction.Volume volume -> words(volume.paths());
            case Instruction.StopSignal stop -> word(stop.signal());
            case Instruction.Healthcheck check ->
                check.command().map(Rendering::command).orElse("none") + " every " + check.interval() + " within "
                        + check.timeout() + " from " + check.startPeriod() + " then " + check.startInterval()
                        + " tries "
                        + check.retries();
            case Instruction.Shell shell -> quoted(shell.argv());
            case Instruction.OnBuild onBuild -> quoted(onBuild.trigger());
            case Instruction.Maintainer maintainer -> quoted(maintainer.author());
        };
    }

    private static String transfer(Transfer files) {
        return words(files.sources()) + " " + heredocs(files.heredocs()) + " to " + word(files.destination())
                + " chown "
                + words(files.chown()) + " chmod " + words(files.chmod()) + " link " + files.link() + " exclude "
                + quoted(files.exclude());
    }

    private static String command(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec exec -> "exec " + quoted(exec.argv());
            case CommandLine.Shell shell -> "shell " + quoted(shell.text()) + " " + heredocs(shell.heredocs());
        };
    }

    private static String heredocs(List<Heredoc> heredocs) {
        return heredocs.stream()
                .map(h -> "<<" + h.name() + (h.expand() ? " expands " : " literal ") + quoted(h.body()))
                .toList()
                .toString();
    }

    private static String pairs(List<Assignment> pairs) {
        return pairs.stream().map(p -> word(p.key()) + " = " + word(p.value())).collect(Collectors.joining(", "));
    }

    private static String words(Optional<Word> word) {
        return word.map(Rendering::word).orElse("-");
    }

    private static String words(List<Word> words) {
        return words.stream().map(Rendering::word).toList().toString();
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(Rendering::quoted).toList().toString();
    }

    private static String word(Word word) {
        return quoted(word.text());
    }

    /** Between brackets that no test text has, with line breaks and tabs made visible. */
    private static String quoted(String text) {
        return "\u2039" + text.replace("\n", "\\n").replace("\t", "\\t") + "\u203a";
    }
}
