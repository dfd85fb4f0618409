package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Heredoc;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.Variables;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names and values that words are expanded with, in the order of their definition. */
final class Scope implements Variables {
    private final WordExpander expander;
    private final Map<String, String> values;
    private final Optional<Scope> outer;
    private Optional<Map<String, String>> snapshot = Optional.empty();

    Scope(WordExpander expander) {
        this(expander, Map.of(), Optional.empty());
    }

    private Scope(WordExpander expander, Map<String, String> values, Optional<Scope> outer) {
        this.expander = expander;
        this.values = new LinkedHashMap<>(values);
        this.outer = outer;
    }

    Scope copy() {
        return new Scope(expander, values, outer);
    }

    /** A scope for a moment: what is set in it hides what is here, and changes nothing here. */
    Scope inner() {
        return new Scope(expander, Map.of(), Optional.of(this));
    }

    @Override
    public Optional<String> get(String name) {
        String value = values.get(name);
        return value != null ? Optional.of(value) : outer.flatMap(scope -> scope.get(name));
    }

    void set(String name, String value) {
        values.put(name, value);
        snapshot = Optional.empty();
    }

    void setAll(Map<String, String> more) {
        values.putAll(more);
        snapshot = Optional.empty();
    }

    /** The names of all that is set, here or outside. */
    List<String> names() {
        List<String> names = new ArrayList<>(outer.map(Scope::names).orElse(List.of()));
        names.addAll(values.keySet());
        return names;
    }

    /** What has been set, in order. Steps between two changes share one copy: there may be thousands of either. */
    Map<String, String> values() {
        if (snapshot.isEmpty()) {
            snapshot = Optional.of(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
        }
        return snapshot.get();
    }

    String expand(Word word) throws ExpansionException {
        return expander.expand(word, this);
    }

    String expand(Heredoc heredoc) throws ExpansionException {
        return expander.expand(heredoc, this);
    }

    MountOptions mount(Word mount) throws ExpansionException {
        return MountOptions.parse(mount, expander, this);
    }

    List<String> expandAll(List<Word> words) throws ExpansionException {
        List<String> expanded = new ArrayList<>();
        for (Word word : words) {
            expanded.add(expander.expand(word, this));
        }
        return expanded;
    }

    /** A word that may become several, or none. */
    List<String> expandWords(Word word) throws ExpansionException {
        return expander.expandWords(word, this);
    }
}
