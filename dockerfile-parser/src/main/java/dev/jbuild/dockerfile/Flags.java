package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flags of an instruction, all of them known to it and well formed. */
record Flags(List<Flag> all) {
    Flags {
        all = List.copyOf(all);
    }

    static Flags check(Keyword keyword, List<FlagReader.RawFlag> raw) throws DockerfileException {
        if (keyword == Keyword.ARG) {
            // BuildKit takes them off the line and looks at them no more.
            return new Flags(List.of());
        }
        Map<String, Keyword.Kind> allowed = keyword.flags();
        List<Flag> flags = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (FlagReader.RawFlag flag : raw) {
            flags.add(checked(keyword, allowed, flag, seen));
        }
        return new Flags(flags);
    }

    private static Flag checked(
            Keyword keyword, Map<String, Keyword.Kind> allowed, FlagReader.RawFlag raw, Set<String> seen)
            throws DockerfileException {
        int equals = raw.text().indexOf('=');
        String name = raw.text().substring(2, equals < 0 ? raw.text().length() : equals);
        Optional<Word> value =
                equals < 0 ? Optional.empty() : Optional.of(new Word(raw.text().substring(equals + 1)));
        Keyword.Kind kind = allowed.get(name);
        if (kind == null) {
            throw raw.place()
                    .error(
                            "unknown flag of " + keyword + ": --" + Excerpt.visible(name, 80),
                            Suggestion.nearest(name, allowed.keySet()).map(s -> "--" + s));
        }
        if (!seen.add(name) && kind != Keyword.Kind.LIST) {
            throw raw.place().error("duplicate flag: --" + name);
        }
        requireValue(raw.place(), name, kind, value);
        return new Flag(name, value, raw.place().range());
    }

    private static void requireValue(Slice place, String name, Keyword.Kind kind, Optional<Word> value)
            throws DockerfileException {
        if (kind != Keyword.Kind.TRUTH) {
            if (value.isEmpty()) {
                throw place.error("missing value of flag: --" + name);
            }
        } else if (value.isPresent() && !isTruth(value.get().text())) {
            throw place.error("the flag --" + name + " is true or false, not \""
                    + Excerpt.visible(value.get().text(), 80) + "\"");
        }
    }

    private static boolean isTruth(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("false");
    }

    /** A flag's value; empty where it is not given or given as nothing, which is the same. */
    Optional<Word> text(String name) {
        for (Word value : list(name)) {
            if (!value.text().isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** The values of a flag that may be repeated. */
    List<Word> list(String name) {
        List<Word> values = new ArrayList<>();
        for (Flag flag : all) {
            if (flag.name().equals(name) && flag.value().isPresent()) {
                values.add(flag.value().get());
            }
        }
        return values;
    }

    /** What a flag says; empty where it is not given. */
    Optional<Boolean> truth(String name) {
        for (Flag flag : all) {
            if (flag.name().equals(name)) {
                return Optional.of(
                        flag.value().isEmpty() || flag.value().get().text().equalsIgnoreCase("true"));
            }
        }
        return Optional.empty();
    }

    boolean isTrue(String name) {
        return truth(name).orElse(false);
    }
}
