package dev.jbuild.dockerfile;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    // Unmodifiable, which the check cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Map<String, Kind> flags;

    Keyword(Allowed... allowed) {
        Map<String, Kind> byName = new TreeMap<>();
        for (Allowed flag : allowed) {
            byName.put(flag.name(), flag.kind());
        }
        flags = Collections.unmodifiableMap(byName);
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
        for (Keyword keyword : values()) {
            if (keyword.name().equalsIgnoreCase(name)) {
                return Optional.of(keyword);
            }
        }
        return Optional.empty();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Keyword::name).toList();
    }

    /** The kinds of its flags by their names, sorted. */
    Map<String, Kind> flags() {
        return flags;
    }

    /** Whether its text may announce here-documents. */
    boolean takesHeredocs() {
        return this == RUN || this == COPY || this == ADD;
    }
}
