package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Assignment;
import dev.jbuild.dockerfile.CommandLine;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.Transfer;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.dockerfile.lint.LintRule;
import dev.jbuild.oci.ContainerConfig;
import java.util.Optional;
import java.util.Set;

/** The lint rules about the instructions of one stage, each asked before its instruction is planned. */
final class StageRules {
    private final Findings findings;
    private final WordExpander expander;
    private final UndefinedVariables undefined;
    private final IgnoredSources ignored;
    private boolean workdirSet;
    private Optional<Source> cmd = Optional.empty();
    private Optional<Source> entrypoint = Optional.empty();
    private Optional<Source> healthcheck = Optional.empty();

    /** @param workdirSet whether a WORKDIR of this file stands in the stage that this one starts from */
    StageRules(
            Findings findings,
            IgnoreRules ignore,
            WordExpander expander,
            StageArguments arguments,
            boolean workdirSet) {
        this.findings = findings;
        this.expander = expander;
        this.undefined = new UndefinedVariables(findings, expander, arguments);
        this.ignored = new IgnoredSources(findings, ignore);
        this.workdirSet = workdirSet;
    }

    boolean isWorkdirSet() {
        return workdirSet;
    }

    /** An instruction with a word that cannot be expanded is passed over: planning refuses it next. */
    void check(Instruction instruction, Scope scope, ContainerConfig config, Set<String> declared) {
        try {
            undefined.check(instruction, scope, declared);
            checkItself(instruction, scope, config);
        } catch (ExpansionException e) {
            return;
        }
    }

    private void checkItself(Instruction instruction, Scope scope, ContainerConfig config) throws ExpansionException {
        switch (instruction) {
            case Instruction.Env env -> env(env, scope);
            case Instruction.Label label -> label.labels().forEach(pair -> spelling(pair, label));
            case Instruction.Arg arg ->
                arg.definitions().forEach(d -> secret("ARG", d.key().text(), arg));
            case Instruction.Workdir workdir -> workdir(workdir, scope);
            case Instruction.Expose expose -> expose(expose, scope);
            case Instruction.Cmd command -> {
                cmd = onlyOne(cmd, command);
                shellForm(command.command(), command, config);
            }
            case Instruction.Entrypoint command -> {
                entrypoint = onlyOne(entrypoint, command);
                shellForm(command.command(), command, config);
            }
            case Instruction.Healthcheck check -> healthcheck = onlyOne(healthcheck, check);
            case Instruction.Copy copy -> {
                if (copy.from().isEmpty()) {
                    sources("Copy", copy.files(), copy, scope);
                }
            }
            case Instruction.Add add -> sources("Add", add.files(), add, scope);
            case Instruction.From _,
                    Instruction.Run _,
                    Instruction.User _,
                    Instruction.Volume _,
                    Instruction.Shell _,
                    Instruction.StopSignal _,
                    Instruction.OnBuild _,
                    Instruction.Maintainer _ -> {}
        }
    }

    private void env(Instruction.Env env, Scope scope) throws ExpansionException {
        for (Assignment pair : env.variables()) {
            spelling(pair, env);
            secret("ENV", expander.expand(pair.key(), scope), env);
        }
    }

    private void spelling(Assignment pair, Instruction instruction) {
        if (pair.spaced()) {
            String keyword = instruction.source().keyword();
            findings.report(
                    instruction.source(),
                    LintRule.LEGACY_KEY_VALUE_FORMAT,
                    "\"" + keyword + " key=value\" should be used instead of legacy \"" + keyword
                            + " key value\" format");
        }
    }

    private void secret(String keyword, String name, Instruction instruction) {
        if (SecretNames.isLikely(name)) {
            findings.report(
                    instruction.source(),
                    LintRule.SECRETS_USED_IN_ARG_OR_ENV,
                    "Do not use ARG or ENV instructions for sensitive data (" + keyword + " " + GoText.quoted(name)
                            + ")");
        }
    }

    private void workdir(Instruction.Workdir workdir, Scope scope) throws ExpansionException {
        String path = expander.expand(workdir.path(), scope);
        if (!workdirSet && !path.startsWith("/")) {
            findings.report(
                    workdir.source(),
                    LintRule.WORKDIR_RELATIVE_PATH,
                    "Relative workdir " + GoText.quoted(path)
                            + " can have unexpected results if the base image changes");
        }
        workdirSet = true;
    }

    private void expose(Instruction.Expose expose, Scope scope) throws ExpansionException {
        for (Word word : expose.ports()) {
            for (String port : scope.expandWords(word)) {
                port(port, expose);
            }
        }
    }

    private void port(String port, Instruction.Expose expose) {
        if (Ports.isUpperCase(port)) {
            findings.report(
                    expose.source(),
                    LintRule.EXPOSE_PROTO_CASING,
                    "Defined protocol '" + port + "' in EXPOSE instruction should be lowercase");
        }
        if (Ports.isMapping(port)) {
            findings.report(
                    expose.source(),
                    LintRule.EXPOSE_INVALID_FORMAT,
                    "EXPOSE instruction should not define an IP address or host-port mapping, found '" + port + "'");
        }
    }

    /** The earlier one is what is pointed at: it is the one without effect. */
    private Optional<Source> onlyOne(Optional<Source> earlier, Instruction instruction) {
        if (earlier.isPresent()) {
            findings.report(
                    instruction.source(),
                    earlier.get().range(),
                    LintRule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
                    "Multiple " + instruction.source().keyword()
                            + " instructions should not be used in the same stage because only the last one will be"
                            + " used");
        }
        return Optional.of(instruction.source());
    }

    /** Where the stage has a SHELL of its own, its author knows about shells. */
    private void shellForm(CommandLine command, Instruction instruction, ContainerConfig config) {
        if (command instanceof CommandLine.Shell && config.shell().isEmpty()) {
            findings.report(
                    instruction.source(),
                    LintRule.JSON_ARGS_RECOMMENDED,
                    "JSON arguments recommended for " + instruction.source().keyword()
                            + " to prevent unintended behavior related to OS signals");
        }
    }

    private void sources(String verb, Transfer transfer, Instruction instruction, Scope scope)
            throws ExpansionException {
        for (String source : scope.expandAll(transfer.sources())) {
            ignored.check(verb, source, instruction.source());
        }
    }
}
