package dev.jbuild.core.build;

import dev.jbuild.runtime.StepOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Passes a step's output on with three asterisks in place of every secret, also of one that arrives in pieces. What may be the
 * beginning of a secret is held back until more comes or the step ends.
 */
final class RedactingOutput implements StepOutput {
    private static final byte[] MASK = "***".getBytes(StandardCharsets.US_ASCII);

    /** Lines of a longer secret that are at least this long are secrets of their own: a key is often printed line by line. */
    private static final int TELLING_LINE = 8;

    private final Redaction out;
    private final Redaction err;

    RedactingOutput(List<byte[]> secrets, StepOutput next) {
        List<byte[]> patterns = patterns(secrets);
        this.out = new Redaction(patterns, next::stdout);
        this.err = new Redaction(patterns, next::stderr);
    }

    @Override
    public void stdout(byte[] bytes, int offset, int length) throws IOException {
        out.take(bytes, offset, length);
    }

    @Override
    public void stderr(byte[] bytes, int offset, int length) throws IOException {
        err.take(bytes, offset, length);
    }

    /** Passes on what is held back: the step is over. */
    void finish() throws IOException {
        out.finish();
        err.finish();
    }

    /** The values without the line end of the file that they come from, and their telling lines; the longest first. */
    private static List<byte[]> patterns(List<byte[]> secrets) {
        List<String> texts = new ArrayList<>();
        for (byte[] secret : secrets) {
            // Latin-1 carries every byte through a string unchanged.
            String text = new String(secret, StandardCharsets.ISO_8859_1).strip();
            texts.add(text);
            text.lines().filter(line -> line.length() >= TELLING_LINE).forEach(texts::add);
        }
        return texts.stream()
                .filter(text -> !text.isEmpty())
                .distinct()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .sorted((a, b) -> Integer.compare(b.length, a.length))
                .toList();
    }

    @FunctionalInterface
    private interface Sink {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    /** One stream of output. */
    private static final class Redaction {
        private final List<Search> searches;
        private final Sink sink;
        private byte[] held = {};
        private boolean[] secret = {};
        private boolean masking;

        Redaction(List<byte[]> patterns, Sink sink) {
            this.searches = patterns.stream().map(Search::new).toList();
            this.sink = sink;
        }

        void take(byte[] bytes, int offset, int length) throws IOException {
            int start = held.length;
            held = Arrays.copyOf(held, start + length);
            secret = Arrays.copyOf(secret, start + length);
            System.arraycopy(bytes, offset, held, start, length);
            for (int i = start; i < held.length; i++) {
                // All but the last byte of a secret is still held: it was the beginning of one.
                Arrays.fill(secret, i + 1 - found(held[i]), i + 1, true);
            }
            tell(held.length - searches.stream().mapToInt(Search::matched).max().orElse(0));
        }

        void finish() throws IOException {
            tell(held.length);
        }

        /** The length of the longest secret that ends with this byte, or 0. */
        private int found(byte next) {
            int longest = 0;
            for (Search search : searches) {
                longest = Math.max(longest, search.step(next));
            }
            return longest;
        }

        /** Passes on the first bytes of what is held, secret ones that follow each other as one mask. */
        private void tell(int count) throws IOException {
            for (int from = 0, to; from < count; from = to) {
                to = endOfRun(from, count);
                if (!secret[from]) {
                    sink.write(held, from, to - from);
                } else if (!masking) {
                    sink.write(MASK, 0, MASK.length);
                }
                masking = secret[from];
            }
            held = Arrays.copyOfRange(held, count, held.length);
            secret = Arrays.copyOfRange(secret, count, secret.length);
        }

        private int endOfRun(int from, int limit) {
            int to = from + 1;
            while (to < limit && secret[to] == secret[from]) {
                to++;
            }
            return to;
        }
    }

    /** Looks for one secret byte by byte (Knuth, Morris and Pratt 1977), so that no output makes the search slow. */
    private static final class Search {
        private final byte[] pattern;
        private final int[] fallback;
        private int matched;

        Search(byte[] pattern) {
            this.pattern = pattern;
            this.fallback = new int[pattern.length];
            for (int i = 1, k = 0; i < pattern.length; i++) {
                while (k > 0 && pattern[i] != pattern[k]) {
                    k = fallback[k - 1];
                }
                k += pattern[i] == pattern[k] ? 1 : 0;
                fallback[i] = k;
            }
        }

        /** The length of the pattern when this byte completes it, else 0. */
        int step(byte next) {
            while (matched > 0 && pattern[matched] != next) {
                matched = fallback[matched - 1];
            }
            matched += pattern[matched] == next ? 1 : 0;
            if (matched < pattern.length) {
                return 0;
            }
            matched = fallback[matched - 1];
            return pattern.length;
        }

        int matched() {
            return matched;
        }
    }
}
