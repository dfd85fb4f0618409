package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Assignment;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Heredoc;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.dockerfile.Transfer;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.dockerfile.lint.LintRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The rule that an instruction's words name only variables that are set before it. */
final class UndefinedVariables {
    /** These are for the builder and never variables, so that nobody can set them. */
    private static final Set<String> NO_VARIABLES = Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

    /** Names that are compared for suggestions: a hostile file may miss a hundred thousand among as many. */
    private static final long MOST_COMPARISONS = 1_000_000;

    private final Findings findings;
    private final WordExpander expander;
    private final StageArguments arguments;
    private long comparisons;

    UndefinedVariables(Findings findings, WordExpander expander, StageArguments arguments) {
        this.findings = findings;
        this.expander = expander;
        this.arguments = arguments;
    }

    /** @param declared the names of the ARGs before the instruction: to name one without a value is no mistake */
    void check(Instruction instruction, Scope scope, Set<String> declared) throws ExpansionException {
        if (instruction instanceof Instruction.Arg arg) {
            arg(arg, scope, declared);
        }
        if (instruction instanceof Instruction.Run run) {
            mounts(run, scope, declared::contains);
        }
        for (Word word : words(instruction)) {
            word(word, instruction.source(), scope, declared::contains);
        }
        for (Heredoc heredoc : heredocs(instruction)) {
            Lookups lookups = new Lookups(scope);
            expander.expand(heredoc, lookups);
            report(instruction.source(), lookups, scope, declared::contains);
        }
    }

    private void mounts(Instruction.Run run, Scope scope, Predicate<String> declared) throws ExpansionException {
        for (Word mount : run.mounts()) {
            Lookups lookups = new Lookups(scope);
            MountOptions.parse(mount, expander, lookups);
            report(run.source(), lookups, scope, declared);
        }
    }

    private void word(Word word, Source source, Scope scope, Predicate<String> declared) throws ExpansionException {
        Lookups lookups = new Lookups(scope);
        try {
            expander.expand(word, lookups);
        } finally {
            // Also for a word that cannot be expanded: "${x:?}" fails because x is missing.
            report(source, lookups, scope, declared);
        }
    }

    /** Each default sees what the definitions before it set. */
    private void arg(Instruction.Arg arg, Scope scope, Set<String> declared) throws ExpansionException {
        Scope before = scope.inner();
        Set<String> own = new HashSet<>();
        for (Instruction.Arg.Definition definition : arg.definitions()) {
            if (arguments.usesDefault(definition)) {
                word(
                        definition.defaultValue().orElseThrow(),
                        arg.source(),
                        before,
                        name -> declared.contains(name) || own.contains(name));
            }
            String key = definition.key().text();
            arguments.value(definition, before).ifPresent(value -> before.set(key, value));
            own.add(key);
        }
    }

    private void report(Source source, Lookups lookups, Scope scope, Predicate<String> declared) {
        for (String name : lookups.missed()) {
            if (!declared.test(name) && !NO_VARIABLES.contains(name)) {
                findings.report(
                        source,
                        LintRule.UNDEFINED_VAR,
                        "Usage of undefined variable '$" + name + "'"
                                + near(name, scope)
                                        .map(n -> " (did you mean $" + n + "?)")
                                        .orElse(""));
            }
        }
    }

    private Optional<String> near(String name, Scope scope) {
        if (comparisons > MOST_COMPARISONS) {
            return Optional.empty();
        }
        List<String> names = scope.names();
        comparisons += names.size();
        return Suggestion.nearestName(name, names);
    }

    private static List<Word> words(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Env env -> words(env.variables());
            case Instruction.Label label -> words(label.labels());
            case Instruction.Copy copy -> words(copy.files(), Optional.empty());
            case Instruction.Add add -> words(add.files(), add.checksum());
            case Instruction.Workdir workdir -> List.of(workdir.path());
            case Instruction.User user -> List.of(user.user());
            case Instruction.Volume volume -> volume.paths();
            case Instruction.StopSignal stopSignal -> List.of(stopSignal.signal());
            // EXPOSE splits its words while it expands them; BuildKit asks no rule there.
            case Instruction.Expose _,
                    Instruction.From _,
                    Instruction.Run _,
                    Instruction.Arg _,
                    Instruction.Cmd _,
                    Instruction.Entrypoint _,
                    Instruction.Healthcheck _,
                    Instruction.Shell _,
                    Instruction.OnBuild _,
                    Instruction.Maintainer _ -> List.of();
        };
    }

    private static List<Word> words(List<Assignment> pairs) {
        List<Word> words = new ArrayList<>();
        for (Assignment pair : pairs) {
            words.add(pair.key());
            words.add(pair.value());
        }
        return words;
    }

    private static List<Word> words(Transfer transfer, Optional<Word> checksum) {
        List<Word> words = new ArrayList<>();
        transfer.chown().ifPresent(words::add);
        transfer.chmod().ifPresent(words::add);
        checksum.ifPresent(words::add);
        words.addAll(transfer.sources());
        words.add(transfer.destination());
        return words;
    }

    private static List<Heredoc> heredocs(Instruction instruction) {
        if (instruction instanceof Instruction.Copy copy) {
            return copy.files().heredocs();
        }
        return instruction instanceof Instruction.Add add ? add.files().heredocs() : List.of();
    }
}
