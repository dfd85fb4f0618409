package dev.jbuild.dockerfile;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntBiFunction;

/** Finds what a misspelt word was probably meant to be. */
public final class Suggestion {
    private static final int NEAR = 2;

    private Suggestion() {}

    /** The option nearest to a word, at most two mistakes away, in the word's own case; empty where the word is one of them. */
    public static Optional<String> nearest(String word, Collection<String> options) {
        List<String> lowerCased =
                options.stream().map(option -> option.toLowerCase(Locale.ROOT)).toList();
        return nearestSpelling(word.toLowerCase(Locale.ROOT), lowerCased)
                .map(option -> isUpperCase(word) ? option.toUpperCase(Locale.ROOT) : option);
    }

    /** The option nearest to a name whose case means something, such as a file's; of equally near ones the first. */
    public static Optional<String> nearestSpelling(String name, Collection<String> options) {
        return nearest(name, options, Suggestion::mistakes);
    }

    /** As {@link #nearestSpelling}, but measured as the messages of BuildKit's lint rules are: by Levenshtein's distance. */
    public static Optional<String> nearestName(String name, Collection<String> options) {
        return nearest(name, options, (a, b) -> distance(a, b, false));
    }

    private static Optional<String> nearest(
            String name, Collection<String> options, ToIntBiFunction<String, String> far) {
        Optional<String> best = Optional.empty();
        int least = NEAR + 1;
        for (String option : options) {
            int distance = far.applyAsInt(name, option);
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

    /** Two letters that are swapped are one mistake; with no letter in common one word is no misspelling of the other. */
    private static int mistakes(String a, String b) {
        int distance = distance(a, b, true);
        return distance > 0 && distance >= Math.max(a.length(), b.length()) ? NEAR + 1 : distance;
    }

    /**
     * Letters to insert, delete, change, or swap with their neighbour to make one of the other. It is exact where it is small:
     * only the band of the table that a near word's way lies in is computed, for names may be as long as a line.
     */
    private static int distance(String a, String b, boolean swaps) {
        if (Math.abs(a.length() - b.length()) > NEAR) {
            return NEAR + 1;
        }
        int[] beforeAbove = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int first = Math.max(1, i - NEAR);
            int last = Math.min(b.length(), i + NEAR);
            row[first - 1] = first == 1 ? i : NEAR + 1;
            for (int j = first; j <= last; j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
                if (swaps && isSwapped(a, i, b, j)) {
                    row[j] = Math.min(row[j], beforeAbove[j - 2] + 1);
                }
            }
            if (last < b.length()) {
                row[last + 1] = NEAR + 1;
            }
            int[] free = beforeAbove;
            beforeAbove = above;
            above = row;
            row = free;
        }
        return above[b.length()];
    }

    private static boolean isSwapped(String a, int i, String b, int j) {
        return i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
