package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes a typed instruction of a logical line: the grammar of each instruction is one method here. */
final class InstructionParser {
    private final LineReader reader;
    private final char escape;
    private final ParseLimits limits;

    /** @param reader where the bodies of here-documents are read from, behind the line that names them */
    InstructionParser(LineReader reader, char escape, ParseLimits limits) {
        this.reader = reader;
        this.escape = escape;
        this.limits = limits;
    }

    Instruction parse(LogicalLine line) throws DockerfileException {
        Statement statement = Statement.split(Slice.all(line), escape);
        if (statement.keyword() == Keyword.ONBUILD) {
            return onBuild(statement);
        }
        List<Heredoc> heredocs = heredocs(statement);
        return typed(statement, heredocs, source(statement));
    }

    /** Its trigger is kept as text, but one that can never be read is refused here and not in a build of another day. */
    private Instruction onBuild(Statement statement) throws DockerfileException {
        if (statement.args().isEmpty()) {
            throw statement.error("requires at least one argument");
        }
        Statement trigger = trigger(statement);
        List<Heredoc> heredocs = heredocs(trigger);
        Source source = source(statement);
        typed(trigger, heredocs, source);
        return new Instruction.OnBuild(triggerText(statement, heredocs), source);
    }

    private Source source(Statement statement) {
        return statement.source(reader.rangeOf(statement.whole().line()));
    }

    private List<Heredoc> heredocs(Statement statement) throws DockerfileException {
        if (!statement.keyword().takesHeredocs() || statement.json(limits).isPresent()) {
            return List.of();
        }
        List<HeredocHeader> headers = HeredocHeader.all(statement.args().text(), limits);
        return reader.bodies(statement.whole().line(), headers);
    }

    private Statement trigger(Statement statement) throws DockerfileException {
        Statement inner = Statement.split(statement.args(), escape);
        return switch (inner.keyword()) {
            case ONBUILD -> throw inner.error("cannot be the trigger of another ONBUILD");
            case FROM, MAINTAINER -> throw inner.error("is not allowed as an ONBUILD trigger");
            default -> inner;
        };
    }

    /** Kept as written, blanks at the end included: the text is part of the image's config. */
    private static String triggerText(Statement statement, List<Heredoc> heredocs) {
        Slice whole = Slice.all(statement.whole().line());
        int start = statement.args().start() - whole.start();
        StringBuilder text = new StringBuilder(whole.from(start).text());
        for (Heredoc heredoc : heredocs) {
            text.append('\n').append(heredoc.content()).append(heredoc.name());
        }
        return text.toString();
    }

    private Instruction typed(Statement s, List<Heredoc> heredocs, Source source) throws DockerfileException {
        return switch (s.keyword()) {
            case ADD -> new TransferParser(s, heredocs, escape, limits).add(source);
            case ARG -> new Instruction.Arg(Assignments.definitions(s, escape), source);
            case CMD -> new Instruction.Cmd(commandLine(s.args(), List.of()), source);
            case COPY -> new TransferParser(s, heredocs, escape, limits).copy(source);
            case ENTRYPOINT -> new Instruction.Entrypoint(commandLine(s.args(), List.of()), source);
            case ENV -> new Instruction.Env(Assignments.pairs(s, escape), source);
            case EXPOSE -> new Instruction.Expose(ports(s), source);
            case FROM -> from(s, source);
            case HEALTHCHECK -> new HealthcheckParser(s, limits).parse(source);
            case LABEL -> new Instruction.Label(Assignments.pairs(s, escape), source);
            case MAINTAINER -> new Instruction.Maintainer(s.only().text(), source);
            case ONBUILD -> onBuild(s);
            case RUN -> new RunParser(s).parse(commandLine(s.args(), heredocs), source);
            case SHELL -> shell(s, source);
            case STOPSIGNAL -> new Instruction.StopSignal(s.only(), source);
            case USER -> new Instruction.User(s.only(), source);
            case VOLUME -> volume(s, source);
            case WORKDIR -> new Instruction.Workdir(s.only(), source);
        };
    }

    private CommandLine commandLine(Slice text, List<Heredoc> heredocs) throws DockerfileException {
        Optional<List<String>> json = Statement.json(text, limits);
        return json.isPresent() ? new CommandLine.Exec(json.get()) : new CommandLine.Shell(text.text(), heredocs);
    }

    private Instruction.From from(Statement s, Source source) throws DockerfileException {
        List<Slice> words = Whitespace.split(s.args());
        boolean named = words.size() == 3 && words.get(1).text().equalsIgnoreCase("as");
        if (words.size() != 1 && !named) {
            boolean comment = words.stream().anyMatch(w -> w.text().startsWith("#"));
            throw s.error("requires either one or three arguments: an image, or an image AS a name"
                    + (comment ? " (a comment needs a line of its own)" : ""));
        }
        Optional<String> name = named ? Optional.of(stageName(words.get(2))) : Optional.empty();
        return new Instruction.From(words.getFirst().word(), name, s.flags().text("platform"), source);
    }

    private static String stageName(Slice word) throws DockerfileException {
        String name = word.text().toLowerCase(Locale.ROOT);
        boolean valid = isLowerLetter(name.charAt(0));
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = isLowerLetter(c) || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0;
        }
        if (!valid) {
            throw word.error("invalid name for build stage: \"" + Excerpt.visible(word.text(), 80)
                    + "\" (letters, digits and - _ . behind a first letter)");
        }
        return name;
    }

    private static boolean isLowerLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static List<Word> ports(Statement s) throws DockerfileException {
        List<Word> ports = new ArrayList<>();
        for (Slice port : Whitespace.split(s.args())) {
            ports.add(port.word());
        }
        if (ports.isEmpty()) {
            throw s.error("requires at least one argument");
        }
        return ports;
    }

    private Instruction.Volume volume(Statement s, Source source) throws DockerfileException {
        List<Word> paths = new ArrayList<>();
        for (Word path : s.words(limits)) {
            String text = Whitespace.trim(path.text());
            if (text.isEmpty()) {
                throw s.error("cannot be an empty string");
            }
            paths.add(new Word(text));
        }
        if (paths.isEmpty()) {
            throw s.error("requires at least one argument");
        }
        return new Instruction.Volume(paths, source);
    }

    private Instruction.Shell shell(Statement s, Source source) throws DockerfileException {
        Optional<List<String>> argv = s.json(limits);
        if (argv.isEmpty() && !s.args().isEmpty()) {
            throw s.error("requires the arguments to be in JSON form, like [\"/bin/sh\", \"-c\"]");
        }
        if (argv.isEmpty() || argv.get().isEmpty()) {
            throw s.error("requires at least one argument");
        }
        return new Instruction.Shell(argv.get(), source);
    }
}
