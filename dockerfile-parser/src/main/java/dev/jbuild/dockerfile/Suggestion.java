package dev.jbuild.dockerfile;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt word was probably meant to be. */
public final class Suggestion {
    private static final int NEAR = 2;

    private Suggestion() {}

    /** The option nearest to a word, at most two letters away, in the word's own case; empty where the word is one of them. */
    public static Optional<String> nearest(String word, Collection<String> options) {
        String wanted = word.toLowerCase(Locale.ROOT);
        Optional<String> best = Optional.empty();
        int least = NEAR + 1;
        for (String option : options) {
            String candidate = option.toLowerCase(Locale.ROOT);
            int distance = distance(wanted, candidate);
            if (distance == 0) {
                return Optional.empty();
            }
            if (distance < least) {
                least = distance;
                best = Optional.of(isUpperCase(word) ? candidate.toUpperCase(Locale.ROOT) : candidate);
            }
        }
        return best;
    }

    /** The option nearest to a name whose case means something, such as a variable's; of equally near ones the first. */
    public static Optional<String> nearestName(String name, Collection<String> options) {
        Optional<String> best = Optional.empty();
        int least = NEAR + 1;
        for (String option : options) {
            int distance = distance(name, option);
            if (distance < least) {
                least = distance;
                best = Optional.of(option);
            }
        }
        return least == 0 ? Optional.empty() : best;
    }

    private static boolean isUpperCase(String word) {
        return word.equals(word.toUpperCase(Locale.ROOT)) && !word.equals(word.toLowerCase(Locale.ROOT));
    }

    /** Letters to insert, delete or change to make one of the other; only exact where it is small. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > NEAR) {
            return NEAR + 1;
        }
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
