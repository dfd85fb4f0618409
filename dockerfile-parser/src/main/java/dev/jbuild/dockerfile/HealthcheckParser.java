package dev.jbuild.dockerfile;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The grammar of HEALTHCHECK: {@code NONE}, or options and {@code CMD} with a command in either form. */
final class HealthcheckParser {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Statement statement;
    private final ParseLimits limits;

    HealthcheckParser(Statement statement, ParseLimits limits) {
        this.statement = statement;
        this.limits = limits;
    }

    Instruction.Healthcheck parse(Source source) throws DockerfileException {
        Optional<CommandLine> command = command();
        if (command.isEmpty()) {
            // Nothing is probed, so BuildKit keeps none of the options.
            return new Instruction.Healthcheck(
                    command, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, source);
        }
        return new Instruction.Healthcheck(
                command,
                duration("interval"),
                duration("timeout"),
                duration("start-period"),
                duration("start-interval"),
                retries(),
                source);
    }

    private Optional<CommandLine> command() throws DockerfileException {
        Slice args = statement.args();
        int end = 0;
        while (end < args.length() && !Whitespace.isSpace(args.charAt(end))) {
            end++;
        }
        Slice rest = args.from(end).trim();
        String type = args.sub(0, end).text();
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "" -> throw statement.error("requires at least one argument");
            case "NONE" -> none(rest);
            case "CMD" -> Optional.of(probe(rest));
            default ->
                throw args.error(
                        "unknown type of HEALTHCHECK: " + Excerpt.visible(type, 80) + " (it is CMD or NONE)",
                        Suggestion.nearest(type, List.of("CMD", "NONE")));
        };
    }

    private static Optional<CommandLine> none(Slice rest) throws DockerfileException {
        if (!rest.isEmpty()) {
            throw rest.error("HEALTHCHECK NONE takes no arguments");
        }
        return Optional.empty();
    }

    private CommandLine probe(Slice rest) throws DockerfileException {
        Optional<List<String>> argv = Statement.json(rest, limits);
        if (rest.isEmpty() || (argv.isPresent() && argv.get().isEmpty())) {
            throw statement.error("has no command after CMD");
        }
        return argv.<CommandLine>map(CommandLine.Exec::new)
                .orElseGet(() -> new CommandLine.Shell(rest.text(), List.of()));
    }

    private Duration duration(String flag) throws DockerfileException {
        Optional<Word> value = statement.flags().text(flag);
        if (value.isEmpty()) {
            return Duration.ZERO;
        }
        String text = Excerpt.visible(value.get().text(), 80);
        Duration duration = GoDuration.parse(value.get().text())
                .orElseThrow(
                        () -> statement.error("--" + flag + " is a duration like 30s or 1m30s, not \"" + text + "\""));
        if (!duration.isZero() && duration.compareTo(SHORTEST) < 0) {
            throw statement.error("--" + flag + " cannot be less than 1ms: " + text);
        }
        return duration;
    }

    private int retries() throws DockerfileException {
        Optional<Word> value = statement.flags().text("retries");
        if (value.isEmpty()) {
            return 0;
        }
        try {
            int retries = Integer.parseInt(value.get().text());
            if (retries >= 0) {
                return retries;
            }
        } catch (NumberFormatException e) {
            throw statement.error(notACount(value.get()));
        }
        throw statement.error(notACount(value.get()));
    }

    private static String notACount(Word value) {
        return "--retries is a number of at least 0, not \"" + Excerpt.visible(value.text(), 80) + "\"";
    }
}
