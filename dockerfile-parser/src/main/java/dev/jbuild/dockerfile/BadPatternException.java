package dev.jbuild.dockerfile;

/** A pattern that matches nothing because it is no pattern: a bracket or an escape is left open. */
public final class BadPatternException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPatternException(String pattern, String fault) {
        super("bad pattern \"" + Excerpt.visible(pattern, 80) + "\": " + fault);
    }
}
