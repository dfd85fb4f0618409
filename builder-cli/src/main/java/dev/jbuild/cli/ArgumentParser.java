package dev.jbuild.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads the flags of one command. Its picocli model is made by calls and only for the command in hand: annotations would
 * cost reflection at each start.
 */
final class ArgumentParser {
    private final Command command;
    private final CommandLine picocli;

    ArgumentParser(Command command) {
        this.command = command;
        this.picocli = new CommandLine(model(command), ArgumentParser::make)
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false)
                .setOverwrittenOptionsAllowed(true)
                // What follows the image is the command's, whatever it looks like.
                .setStopAtPositional(command == Command.RUN)
                // As Docker's parser: what follows a flag with a value is its value, whatever it looks like.
                .setAllowOptionsAsOptionParameters(true);
    }

    Arguments parse(List<String> words) throws UsageException {
        CommandLine.ParseResult parsed = read(words);
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        for (Flag flag : CommandFlags.of(command)) {
            if (parsed.hasMatchedOption(flag.name())) {
                refuseOrNote(flag, notes);
                values.put(flag.name(), values(flag, parsed.matchedOption(flag.name())));
            }
        }
        return new Arguments(values, parsed.matchedPositionalValue(0, List.of()), notes);
    }

    /** Go has six spellings of each truth value; from here on there is one. */
    private static List<String> values(Flag flag, OptionSpec option) throws UsageException {
        List<String> values = new ArrayList<>();
        for (String value : option.stringValues()) {
            values.add(flag.isSwitch() ? String.valueOf(Values.bool(flag.name(), value)) : value);
        }
        return values;
    }

    private CommandLine.ParseResult read(List<String> words) throws UsageException {
        try {
            return picocli.parseArgs(words.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(unknown(e), e);
        } catch (MissingParameterException e) {
            throw new UsageException(missing(e), e);
        } catch (ParameterException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private String unknown(UnmatchedArgumentException e) {
        String given = e.getUnmatched().getFirst();
        String name = given.substring(0, given.indexOf('=') < 0 ? given.length() : given.indexOf('='));
        String hint = Nearest.hint(name, picocli.getCommandSpec().optionsMap().keySet());
        return "unknown flag " + name + (hint.isEmpty() ? ": see jbuild " + command.word() + " --help" : hint);
    }

    private static String missing(MissingParameterException e) {
        boolean ofOption =
                !e.getMissing().isEmpty() && e.getMissing().getFirst().isOption();
        return ofOption
                ? ((OptionSpec) e.getMissing().getFirst()).longestName() + " needs a value"
                : String.valueOf(e.getMessage());
    }

    private static void refuseOrNote(Flag flag, List<String> notes) throws UsageException {
        switch (flag.support()) {
            case HONOURED -> {}
            case IGNORED -> notes.add(flag.name() + " has no effect here and is ignored");
            case NOT_YET -> throw new UsageException(flag.name() + " is not supported yet");
        }
    }

    private static CommandSpec model(Command command) {
        CommandSpec spec =
                CommandSpec.wrapWithoutInspection(null, ArgumentParser::make).name("jbuild " + command.word());
        for (Flag flag : CommandFlags.of(command)) {
            spec.addOption(flag.isSwitch() ? switchModel(flag) : valueModel(flag));
        }
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return spec;
    }

    /**
     * What picocli asks for here are lists. Its own factory looks for a class of Groovy first, and that one is missing only when
     * every jar has been opened.
     */
    private static <K> K make(Class<K> type) {
        if (!type.isAssignableFrom(ArrayList.class)) {
            throw new IllegalArgumentException("nothing of " + type + " is made from flags");
        }
        return type.cast(new ArrayList<>());
    }

    /** {@code --pull} and {@code --pull=false}, but {@code --pull .} takes the dot for an operand. */
    private static OptionSpec switchModel(Flag flag) {
        return OptionSpec.builder(names(flag))
                .type(Boolean.class)
                .converters(text -> Values.bool(flag.name(), text))
                .arity("0..1")
                .fallbackValue("true")
                .build();
    }

    private static OptionSpec valueModel(Flag flag) {
        return OptionSpec.builder(names(flag))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .build();
    }

    private static String[] names(Flag flag) {
        return flag.shortName().isEmpty() ? new String[] {flag.name()} : new String[] {flag.name(), flag.shortName()};
    }
}
