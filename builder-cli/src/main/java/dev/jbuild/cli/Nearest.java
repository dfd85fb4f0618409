package dev.jbuild.cli;

import dev.jbuild.dockerfile.Suggestion;
import java.util.Collection;

/** Tells what a misspelt word of the command line was probably meant to be. */
final class Nearest {
    private Nearest() {}

    /** {@code ": did you mean check?"}; empty where nothing is near. */
    static String hint(String word, Collection<String> options) {
        return Suggestion.nearest(word, options)
                .map(near -> ": did you mean " + near + "?")
                .orElse("");
    }
}
