package dev.jbuild.dockerfile;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The options of a {@code RUN --mount}.
 *
 * @param from a stage, named context or image; never expanded
 * @param size of a tmpfs, in bytes
 * @param id of a cache, secret or ssh agent
 * @param required whether the step fails where the secret or agent is absent
 * @param env the variable that holds a secret
 * @param mode permission bits
 */
public record MountOptions(
        Type type,
        Optional<String> from,
        Optional<String> source,
        Optional<String> target,
        boolean readOnly,
        OptionalLong size,
        Optional<String> id,
        Sharing sharing,
        boolean required,
        Optional<String> env,
        OptionalInt mode,
        OptionalLong uid,
        OptionalLong gid) {

    /** What is mounted. */
    public enum Type {
        BIND,
        CACHE,
        TMPFS,
        SECRET,
        SSH
    }

    /** Who may use a cache at the same time. */
    public enum Sharing {
        SHARED,
        PRIVATE,
        LOCKED
    }

    /** Reads the value of a {@code --mount}; each option is expanded by itself, so that a comma in a variable splits nothing. */
    public static MountOptions parse(Word flag, WordExpander expander, Variables variables) throws ExpansionException {
        return new MountOptionsReader(value -> expander.expand(new Word(value), variables)).read(flag.text());
    }

    /**
     * The {@code from} of an unexpanded {@code --mount}. Stages are found before variables have values, so it cannot
     * have any.
     */
    public static Optional<String> literalFrom(Word flag) throws ExpansionException {
        Optional<String> from = Optional.empty();
        for (String field : CsvFields.split("mount", flag.text())) {
            OptionField option = OptionField.of(field);
            if (option.key().equals("from")) {
                from = option.value().filter(v -> !v.isEmpty());
            }
            int dollar = from.orElse("").indexOf('$');
            if (dollar >= 0 && dollar < from.orElse("").length() - 1) {
                throw new ExpansionException("'from' doesn't support variable expansion, define alias stage instead");
            }
        }
        return from;
    }
}
