package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Puts together what the stages of a target can be given; the target's own word counts before that of its bases. */
final class OutlinePlanner {
    private final Dockerfile dockerfile;
    private final StageTable table;
    private final Survey survey;
    private final WordExpander expander;
    private final Map<String, Outline.Argument> globals = new LinkedHashMap<>();
    private final Map<String, Set<String>> uses = new LinkedHashMap<>();

    OutlinePlanner(Dockerfile dockerfile, StageTable table, Survey survey) {
        this.dockerfile = dockerfile;
        this.table = table;
        this.survey = survey;
        this.expander = new WordExpander(dockerfile.directives().escape(), ParseLimits.DEFAULT);
    }

    Outline outline() throws DockerfileException, ExpansionException {
        addGlobals();
        Map<String, Outline.Argument> arguments = new LinkedHashMap<>();
        Map<String, Outline.Need> secrets = new LinkedHashMap<>();
        Map<String, Outline.Need> agents = new LinkedHashMap<>();
        Map<String, SourceRange> caches = new LinkedHashMap<>();
        for (int stage : fromTargetDown()) {
            StageInputs inputs = survey.inputs(stage);
            addArguments(stage, inputs, arguments);
            inputs.secrets().forEach(secrets::putIfAbsent);
            inputs.agents().forEach(agents::putIfAbsent);
            inputs.caches().forEach(caches::putIfAbsent);
        }
        Stage target = table.stage(table.target());
        return new Outline(
                dockerfile,
                target.name().orElse(""),
                target.description(),
                sorted(arguments.values().stream().toList(), Outline.Argument::range),
                sorted(secrets.values().stream().toList(), Outline.Need::range),
                sorted(agents.values().stream().toList(), Outline.Need::range),
                sorted(caches(caches), Outline.Cache::range));
    }

    private static List<Outline.Cache> caches(Map<String, SourceRange> caches) {
        List<Outline.Cache> list = new ArrayList<>();
        caches.forEach((id, range) -> list.add(new Outline.Cache(id, range)));
        return list;
    }

    private static <T> List<T> sorted(List<T> list, Function<T, SourceRange> range) {
        return list.stream()
                .sorted(Comparator.comparingInt(element -> range.apply(element).firstLine()))
                .toList();
    }

    private void addGlobals() throws ExpansionException {
        for (Instruction.Arg arg : dockerfile.globalArgs()) {
            for (Instruction.Arg.Definition definition : arg.definitions()) {
                String key = definition.key().text();
                String value = table.globals().get(key).orElse("");
                globals.put(key, new Outline.Argument(key, arg.source().description(key), value, arg.range()));
                uses.put(
                        key,
                        definition.defaultValue().isEmpty()
                                ? Set.of()
                                : names(definition.defaultValue().get()));
            }
        }
    }

    private Set<String> names(Word word) throws ExpansionException {
        Lookups lookups = new Lookups(table.globals());
        expander.expand(word, lookups);
        return lookups.found();
    }

    private void addArguments(int stage, StageInputs inputs, Map<String, Outline.Argument> arguments)
            throws ExpansionException {
        for (String name : allUsed(stage, inputs)) {
            Outline.Argument argument = inputs.defined().getOrDefault(name, globals.get(name));
            if (argument != null) {
                arguments.putIfAbsent(name, argument);
            }
        }
    }

    /** The names that a stage and its FROM use, and those that the defaults of these use in turn. */
    private Set<String> allUsed(int stage, StageInputs inputs) throws ExpansionException {
        Instruction.From from = table.stage(stage).from();
        Deque<String> pending = new ArrayDeque<>(inputs.used());
        pending.addAll(names(from.image()));
        if (from.platform().isPresent()) {
            pending.addAll(names(from.platform().get()));
        }
        Set<String> all = new LinkedHashSet<>();
        while (!pending.isEmpty()) {
            String name = pending.pop();
            if (all.add(name)) {
                pending.addAll(uses.getOrDefault(name, Set.of()));
            }
        }
        return all;
    }

    private List<Integer> fromTargetDown() throws DockerfileException {
        Set<Integer> seen = new LinkedHashSet<>();
        Deque<Integer> pending = new ArrayDeque<>(List.of(table.target()));
        while (!pending.isEmpty()) {
            int stage = pending.pop();
            if (seen.add(stage)) {
                table.dependencies(stage).reversed().forEach(pending::push);
            }
        }
        return List.copyOf(seen);
    }
}
