package dev.jbuild.dockerfile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The instructions of the language and the flags that each takes. */
enum Keyword {
    ADD(
            text("chown"),
            text("chmod"),
            truth("link"),
            truth("keep-git-dir"),
            text("checksum"),
            truth("unpack"),
            list("exclude")),
    ARG,
    CMD,
    COPY(text("chown"), text("from"), text("chmod"), truth("link"), list("exclude"), truth("parents")),
    ENTRYPOINT,
    ENV,
    EXPOSE,
    FROM(text("platform")),
    HEALTHCHECK(text("interval"), text("timeout"), text("start-period"), text("start-interval"), text("retries")),
    LABEL,
    MAINTAINER,
    ONBUILD,
    RUN(list("mount"), text("network"), text("security"), list("device")),
    SHELL,
    STOPSIGNAL,
    USER,
    VOLUME,
    WORKDIR;

    /** What a flag's value may be. */
    enum Kind {
        /** At most once, with any value. */
        TEXT,
        /** At most once, {@code true} or {@code false} or no value. */
        TRUTH,
        /** Any number of times, with any value. */
        LIST
    }

    private record Allowed(String name, Kind kind) {}

    // An unmodifiable copy, which the check cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Map<String, Kind> flags;

    Keyword(Allowed... allowed) {
        flags = Arrays.stream(allowed).collect(Collectors.toUnmodifiableMap(Allowed::name, Allowed::kind));
    }

    private static Allowed text(String name) {
        return new Allowed(name, Kind.TEXT);
    }

    private static Allowed truth(String name) {
        return new Allowed(name, Kind.TRUTH);
    }

    private static Allowed list(String name) {
        return new Allowed(name, Kind.LIST);
    }

    /** The instruction of a name in any case. */
    static Optional<Keyword> find(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(k -> k.name().equals(upper)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Keyword::name).toList();
    }

    Map<String, Kind> flags() {
        return flags;
    }

    /** Whether its text may announce here-documents. */
    boolean takesHeredocs() {
        return this == RUN || this == COPY || this == ADD;
    }
}
