package dev.jbuild.dockerfile.lint;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules speak: what {@code # check=skip=A,B;error=true;experimental=C} says, or the build argument {@code
 * BUILDKIT_DOCKERFILE_CHECK} in its place.
 *
 * @param skipAll whether no rule speaks but the experimental ones that are asked for
 * @param experimentalAll whether all experimental rules speak
 * @param error whether a finding fails the build
 */
public record CheckOptions(
        boolean skipAll, Set<String> skipped, boolean experimentalAll, Set<String> experimental, boolean error) {
    /** The build argument that stands in for the directive. */
    public static final String BUILD_ARG = "BUILDKIT_DOCKERFILE_CHECK";

    /** All rules but the experimental ones; findings are warnings. */
    public static final CheckOptions DEFAULT = new CheckOptions(false, Set.of(), false, Set.of(), false);

    private static final List<String> KEYS = List.of("skip", "experimental", "error");

    public CheckOptions {
        skipped = Set.copyOf(skipped);
        experimental = Set.copyOf(experimental);
    }

    /**
     * Reads the value of the directive. Names of rules that do not exist are kept: they may be rules of a later version.
     *
     * @throws ExpansionException where a part is none of {@code skip=}, {@code error=} and {@code experimental=}
     */
    public static CheckOptions parse(String text) throws ExpansionException {
        CheckOptions options = DEFAULT;
        if (text.isBlank()) {
            return options;
        }
        for (String part : text.split(";", 3)) {
            options = options.with(part);
        }
        return options;
    }

    /** A note for each rule that is named and unknown, but near to a known one. */
    public List<String> notes() {
        return union(skipped, experimental).stream()
                .sorted()
                .flatMap(name -> near(name).stream()
                        .map(near -> "no lint rule is called " + name + " (did you mean " + near + "?)"))
                .toList();
    }

    private static Optional<String> near(String name) {
        return LintRule.words().stream()
                .filter(rule -> rule.equalsIgnoreCase(name) && !rule.equals(name))
                .findFirst()
                .or(() -> Suggestion.nearestSpelling(name, LintRule.words()));
    }

    private CheckOptions with(String part) throws ExpansionException {
        int equals = part.indexOf('=');
        String key = (equals < 0 ? part : part.substring(0, equals)).strip();
        if (equals < 0 || !KEYS.contains(key)) {
            throw new ExpansionException(
                    "invalid check option \"" + part.strip() + "\": it is skip=RULES, error=true or experimental=RULES",
                    Suggestion.nearest(key, KEYS).map(near -> near + "="));
        }
        String value = part.substring(equals + 1).strip();
        return switch (key) {
            case "skip" -> new CheckOptions(isAll(value), rules(value), experimentalAll, experimental, error);
            case "experimental" -> new CheckOptions(skipAll, skipped, isAll(value), rules(value), error);
            default -> new CheckOptions(skipAll, skipped, experimentalAll, experimental, truth(part, value));
        };
    }

    private static boolean isAll(String value) {
        return value.equals("all");
    }

    private static Set<String> rules(String value) {
        Set<String> rules = new HashSet<>();
        if (!isAll(value)) {
            for (String rule : value.split(",", -1)) {
                rules.add(rule.strip());
            }
        }
        return rules;
    }

    /** Go's spellings of a truth value, as everywhere in this language. */
    private static boolean truth(String part, String value) throws ExpansionException {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new ExpansionException("invalid check option \"" + part.strip() + "\": error is true or false");
        };
    }

    /** These options and those of a {@code # check=} comment directly above an instruction, which only that one obeys. */
    CheckOptions and(CheckOptions more) {
        return new CheckOptions(
                skipAll || more.skipAll,
                union(skipped, more.skipped),
                experimentalAll || more.experimentalAll,
                union(experimental, more.experimental),
                error);
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** The options of the comments above an instruction; what is no option there is a comment like any other. */
    CheckOptions withComments(List<String> comments) {
        for (String comment : comments) {
            Optional<CheckOptions> own = ofComment(comment);
            if (own.isPresent()) {
                return and(own.get());
            }
        }
        return this;
    }

    private static Optional<CheckOptions> ofComment(String comment) {
        int equals = comment.indexOf('=');
        if (equals < 0 || !comment.substring(0, equals).strip().equalsIgnoreCase("check")) {
            return Optional.empty();
        }
        String value = comment.substring(equals + 1).strip();
        int blank = value.indexOf(' ');
        try {
            return Optional.of(parse(blank < 0 ? value : value.substring(0, blank)));
        } catch (ExpansionException e) {
            return Optional.empty();
        }
    }

    boolean allows(LintRule rule) {
        return rule.isExperimental()
                ? experimentalAll || experimental.contains(rule.word())
                : !skipAll && !skipped.contains(rule.word());
    }
}
