package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which of the given build arguments no ARG takes: likely a typo, worth a note. */
final class UsedArgs {
    /** Proxies are for the network, not for the Dockerfile; the others are for the builder itself. */
    private static final Set<String> ALWAYS =
            Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "SOURCE_DATE_EPOCH");

    private final Set<String> unused;
    private final Set<String> taken = new TreeSet<>();

    UsedArgs(Set<String> given) {
        unused = new TreeSet<>(given);
        unused.removeIf(name -> ALWAYS.contains(name.toUpperCase(Locale.ROOT)) || name.startsWith("BUILDKIT_"));
    }

    void use(String name) {
        unused.remove(name);
        taken.add(name);
    }

    List<String> notes() {
        return unused.stream()
                .map(name -> "build argument " + name + " is not used: no ARG " + name
                        + " in the stages that were built"
                        + Suggestion.nearestSpelling(name, taken)
                                .map(near -> " (did you mean " + near + "?)")
                                .orElse(""))
                .toList();
    }
}
