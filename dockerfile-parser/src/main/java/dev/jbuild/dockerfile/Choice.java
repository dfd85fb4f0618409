package dev.jbuild.dockerfile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An option value that is one of a few words: the constants of an enum, in lower case. */
record Choice<E extends Enum<E>>(Class<E> type) {
    Optional<E> find(String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> name(c).equals(name))
                .findFirst();
    }

    List<String> names() {
        return Arrays.stream(type.getEnumConstants()).map(Choice::name).toList();
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
