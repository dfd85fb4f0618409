package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Heredoc;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.Variables;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names and values that words are expanded with, in the order of their definition. */
final class Scope implements Variables {
    private final WordExpander expander;
    private final Map<String, String> values;

    Scope(WordExpander expander) {
        this(expander, Map.of());
    }

    private Scope(WordExpander expander, Map<String, String> values) {
        this.expander = expander;
        this.values = new LinkedHashMap<>(values);
    }

    Scope copy() {
        return new Scope(expander, values);
    }

    @Override
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    void set(String name, String value) {
        values.put(name, value);
    }

    void setAll(Map<String, String> more) {
        values.putAll(more);
    }

    Map<String, String> values() {
        return new LinkedHashMap<>(values);
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
