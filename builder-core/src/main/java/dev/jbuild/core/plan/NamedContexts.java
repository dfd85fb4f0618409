package dev.jbuild.core.plan;

import dev.jbuild.core.api.NamedContext;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The contexts that the caller gave names to. A name is that of a stage or an image: {@code alpine}, {@code alpine:latest} and
 * {@code docker.io/library/alpine} are one, as for BuildKit; {@code NAME::OS/ARCH} counts for one platform alone, and before
 * the plain name.
 */
final class NamedContexts {
    private static final String LATEST = ":latest";
    private static final String PLATFORM = "::";

    private final Map<String, NamedContext> contexts = new LinkedHashMap<>();
    private final Set<String> wanted = new TreeSet<>();

    NamedContexts(Map<String, NamedContext> given) {
        given.forEach((name, context) -> contexts.put(normalised(name), context));
    }

    Optional<NamedContext> find(String name, Platform platform) {
        String plain = normalised(name);
        wanted.add(plain);
        return Optional.ofNullable(contexts.get(plain + PLATFORM + platform))
                .or(() -> Optional.ofNullable(contexts.get(plain)));
    }

    /** A note for each context that nothing asked for, but something of nearly its name: likely a typo. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (String name : contexts.keySet()) {
            String plain = name.contains(PLATFORM) ? name.substring(0, name.indexOf(PLATFORM)) : name;
            if (!wanted.contains(plain)) {
                Suggestion.nearestSpelling(plain, wanted)
                        .ifPresent(near ->
                                notes.add("the named context " + name + " is not used (did you mean " + near + "?)"));
            }
        }
        return notes;
    }

    private static String normalised(String given) {
        int separator = given.indexOf(PLATFORM);
        String name = separator < 0 ? given : given.substring(0, separator);
        return familiar(name) + (separator < 0 ? "" : given.substring(separator));
    }

    /** A stage may be called what no image can; such a name is only itself. */
    private static String familiar(String name) {
        try {
            String familiar = ImageName.parse(name).familiar();
            return familiar.endsWith(LATEST) ? familiar.substring(0, familiar.length() - LATEST.length()) : familiar;
        } catch (IllegalArgumentException e) {
            return name;
        }
    }
}
