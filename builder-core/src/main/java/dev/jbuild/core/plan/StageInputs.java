package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the instructions of one stage can be given: arguments, secrets, SSH agents and caches. */
final class StageInputs {
    private final WordExpander expander;
    private final StageArguments arguments;
    private final Set<String> used = new LinkedHashSet<>();
    private final Map<String, Outline.Argument> defined = new LinkedHashMap<>();
    private final Map<String, Outline.Need> secrets = new LinkedHashMap<>();
    private final Map<String, Outline.Need> agents = new LinkedHashMap<>();
    private final Map<String, SourceRange> caches = new LinkedHashMap<>();

    StageInputs(WordExpander expander, StageArguments arguments) {
        this.expander = expander;
        this.arguments = arguments;
    }

    /** What cannot be read is passed over: planning refuses it next. */
    void add(Instruction instruction, Scope scope) {
        try {
            if (instruction instanceof Instruction.Arg arg) {
                add(arg, scope.inner());
            } else if (instruction instanceof Instruction.Run run) {
                for (Word mount : run.mounts()) {
                    add(MountOptions.parse(mount, expander, scope), run.range());
                }
            }
        } catch (ExpansionException e) {
            return;
        }
    }

    private void add(Instruction.Arg arg, Scope scope) throws ExpansionException {
        for (Instruction.Arg.Definition definition : arg.definitions()) {
            String key = definition.key().text();
            String value = arguments.value(definition, scope).orElse("");
            used.add(key);
            if (!arguments.isImported(definition)) {
                defined.put(key, new Outline.Argument(key, arg.source().description(key), value, arg.range()));
            }
            scope.set(key, value);
        }
    }

    private void add(MountOptions mount, SourceRange range) {
        switch (mount.type()) {
            case SECRET -> need(secrets, mount, fileName(mount.target().orElse("")), range);
            case SSH -> need(agents, mount, "default", range);
            case CACHE -> caches.putIfAbsent(mount.id().orElse(mount.target().orElse("")), range);
            case BIND, TMPFS -> {}
        }
    }

    private static void need(Map<String, Outline.Need> needs, MountOptions mount, String standard, SourceRange range) {
        String name = mount.source().or(mount::id).orElse(standard);
        needs.putIfAbsent(name, new Outline.Need(name, mount.required(), range));
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    Set<String> used() {
        return used;
    }

    Map<String, Outline.Argument> defined() {
        return defined;
    }

    Map<String, Outline.Need> secrets() {
        return secrets;
    }

    Map<String, Outline.Need> agents() {
        return agents;
    }

    Map<String, SourceRange> caches() {
        return caches;
    }
}
