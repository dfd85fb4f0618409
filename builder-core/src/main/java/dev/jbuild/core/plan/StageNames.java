package dev.jbuild.core.plan;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which stage a reference means: names in any case, and numbers that count from 0. */
record StageNames(Dockerfile dockerfile) {
    /** More digits than a limit of stages has. */
    private static final int MAX_DIGITS = 5;

    /** The stage that is to be built: the last one when none is asked for. */
    int target(Optional<String> wanted) throws BuildException {
        if (wanted.isEmpty()) {
            return dockerfile.stages().size() - 1;
        }
        return find(wanted.get())
                .orElseThrow(() -> new BuildException(
                        Kind.USAGE,
                        "there is no stage \"" + wanted.get() + "\" in " + dockerfile.name() + "; its stages are "
                                + String.join(", ", all())
                                + Suggestion.nearest(wanted.get(), all())
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse("")));
    }

    private List<String> all() {
        return dockerfile.stages().stream()
                .map(stage -> stage.name().orElse(Integer.toString(stage.index())))
                .toList();
    }

    /** By name, the last of that name; else by number. */
    Optional<Integer> find(String reference) {
        Optional<Integer> named = findBefore(reference, dockerfile.stages().size());
        boolean counts = named.isEmpty()
                && isNumber(reference)
                && reference.length() <= MAX_DIGITS
                && Integer.parseInt(reference) < dockerfile.stages().size();
        return counts ? Optional.of(Integer.parseInt(reference)) : named;
    }

    /** The last stage of this name before one; a FROM knows no numbers. */
    Optional<Integer> findBefore(String reference, int index) {
        String name = reference.toLowerCase(Locale.ROOT);
        return dockerfile.stages().subList(0, index).reversed().stream()
                .filter(stage -> stage.name().filter(name::equals).isPresent())
                .map(Stage::index)
                .findFirst();
    }

    /** The name of a stage before one that is nearest to what names none, as a misspelt stage is taken for an image. */
    Optional<String> nearestBefore(String reference, int index) {
        List<String> names = dockerfile.stages().subList(0, index).stream()
                .flatMap(stage -> stage.name().stream())
                .toList();
        return Suggestion.nearest(reference, names);
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
