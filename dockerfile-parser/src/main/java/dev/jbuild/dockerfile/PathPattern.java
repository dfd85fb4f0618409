package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A pattern for slash-separated paths, matched by keeping all the places in the pattern that the path read so far can
 * have led to: the work is bounded by path times pattern, so no pattern can blow up.
 */
final class PathPattern {
    private static final int SLASH = '/';

    /** A step of the pattern. */
    private enum Kind {
        /** One given character. */
        LITERAL,
        /** {@code ?}: one character but the slash. */
        ANY,
        /** {@code [...]}: one character of a class. */
        CLASS,
        /** {@code *}: any characters but the slash. */
        STAR,
        /** {@code **} at an end: any characters. */
        DEEP,
        /** {@code **}{@code /}: nothing, or any directories; this step only forks to the next two. */
        DIRECTORIES,
        /** The second half of {@link #DIRECTORIES}: any characters, left behind a slash. */
        INSIDE
    }

    private record Step(Kind kind, int literal, Optional<CharacterClass> set) {
        static Step of(Kind kind) {
            return new Step(kind, 0, Optional.empty());
        }

        boolean takes(int c) {
            return switch (kind) {
                case LITERAL -> c == literal;
                case ANY, STAR -> c != SLASH;
                case CLASS -> set.isPresent() && set.get().contains(c);
                case DEEP, INSIDE -> true;
                case DIRECTORIES -> false;
            };
        }

        boolean stays() {
            return kind == Kind.STAR || kind == Kind.DEEP || kind == Kind.INSIDE;
        }

        boolean takesOne() {
            return kind == Kind.LITERAL || kind == Kind.ANY || kind == Kind.CLASS;
        }
    }

    private final Step[] steps;
    private final int literalStart;
    private final int shortest;

    private PathPattern(List<Step> steps) {
        this.steps = steps.toArray(new Step[0]);
        int literals = 0;
        while (literals < this.steps.length && this.steps[literals].kind() == Kind.LITERAL) {
            literals++;
        }
        literalStart = literals;
        int single = 0;
        for (Step step : this.steps) {
            single += step.takesOne() ? 1 : 0;
        }
        shortest = single;
    }

    /** Reads a pattern by the rules of Go's {@code filepath.Match}: {@code *}, {@code ?}, {@code [...]}, {@code \}. */
    static PathPattern shallow(String pattern) throws BadPatternException {
        return new PathPattern(new Compiler(pattern, false).compile());
    }

    /** The same with {@code **}, which crosses slashes. */
    static PathPattern deep(String pattern) throws BadPatternException {
        return new PathPattern(new Compiler(pattern, true).compile());
    }

    /** The code points of a path or pattern. */
    static int[] characters(String text) {
        int[] characters = new int[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(characters[count++])) {
            characters[count] = text.codePointAt(i);
        }
        return Arrays.copyOf(characters, count);
    }

    /** Whether the whole of a path's {@linkplain #characters characters} matches. */
    boolean matches(int[] path) {
        if (path.length < shortest || !startsWithLiterals(path)) {
            return false;
        }
        if (literalStart == steps.length) {
            return path.length == steps.length;
        }
        return run(path);
    }

    private boolean startsWithLiterals(int[] path) {
        for (int i = 0; i < literalStart; i++) {
            if (path[i] != steps[i].literal()) {
                return false;
            }
        }
        return true;
    }

    private boolean run(int[] path) {
        Places here = new Places(steps.length + 1);
        Places next = new Places(steps.length + 1);
        reach(literalStart, here);
        for (int i = literalStart; i < path.length && here.count > 0; i++) {
            next.count = 0;
            next.round = i + 1;
            for (int k = 0; k < here.count; k++) {
                advance(here.places[k], path[i], next);
            }
            Places spare = here;
            here = next;
            next = spare;
        }
        return here.contains(steps.length);
    }

    private void advance(int place, int c, Places next) {
        if (place == steps.length || !steps[place].takes(c)) {
            return;
        }
        Step step = steps[place];
        if (step.stays()) {
            reach(place, next);
        }
        if (step.takesOne() || (step.kind() == Kind.INSIDE && c == SLASH)) {
            reach(place + 1, next);
        }
    }

    /** Adds a place, and those behind it that take nothing to get to. */
    private void reach(int first, Places places) {
        int place = first;
        while (places.add(place) && place < steps.length) {
            switch (steps[place].kind()) {
                case STAR, DEEP -> place++;
                case DIRECTORIES -> {
                    places.add(place + 1);
                    place += 2;
                }
                case LITERAL, ANY, CLASS, INSIDE -> {
                    return;
                }
            }
        }
    }

    /** A set of places in the pattern. */
    private static final class Places {
        final int[] places;
        final int[] addedIn;
        int count;
        int round = -1;

        Places(int size) {
            places = new int[size];
            addedIn = new int[size];
        }

        boolean add(int place) {
            if (addedIn[place] == round) {
                return false;
            }
            addedIn[place] = round;
            places[count++] = place;
            return true;
        }

        boolean contains(int place) {
            return count > 0 && addedIn[place] == round;
        }
    }

    /** Reads a pattern to steps. */
    private static final class Compiler {
        private final String pattern;
        private final int[] text;
        private final boolean deep;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        Compiler(String pattern, boolean deep) {
            this.pattern = pattern;
            this.text = characters(pattern);
            this.deep = deep;
        }

        List<Step> compile() throws BadPatternException {
            while (at < text.length) {
                int c = text[at++];
                switch (c) {
                    case '*' -> stars();
                    case '?' -> steps.add(Step.of(Kind.ANY));
                    case '[' -> set();
                    case '\\' -> escaped();
                    default -> steps.add(new Step(Kind.LITERAL, c, Optional.empty()));
                }
            }
            return steps;
        }

        private void stars() {
            if (!deep || at == text.length || text[at] != '*') {
                add(Kind.STAR);
                return;
            }
            boolean first = at == 1;
            at++;
            boolean slash = at < text.length && text[at] == SLASH;
            at += slash ? 1 : 0;
            // A leading ** that only plain text follows matches that text anywhere, even inside a name:
            // moby/patternmatcher.
            if (at == text.length || (first && !slash && isPlain(at))) {
                add(Kind.DEEP);
            } else {
                steps.add(Step.of(Kind.DIRECTORIES));
                steps.add(Step.of(Kind.INSIDE));
            }
        }

        /** Stars in a row are one star. */
        private void add(Kind star) {
            if (steps.isEmpty() || steps.getLast().kind() != star) {
                steps.add(Step.of(star));
            }
        }

        private boolean isPlain(int from) {
            for (int i = from; i < text.length; i++) {
                if ("*?[]\\".indexOf(text[i]) >= 0) {
                    return false;
                }
            }
            return true;
        }

        private void set() throws BadPatternException {
            CharacterClass.Reader reader = new CharacterClass.Reader(pattern, text, at);
            steps.add(new Step(Kind.CLASS, 0, Optional.of(reader.read())));
            at = reader.end();
        }

        private void escaped() throws BadPatternException {
            if (at == text.length) {
                throw new BadPatternException(pattern, "a \\ at the end");
            }
            steps.add(new Step(Kind.LITERAL, text[at++], Optional.empty()));
        }
    }
}
