package dev.jbuild.dockerfile;

/**
 * An instruction that an ONBUILD left behind for the builds that start from what it is in.
 *
 * @param text the instruction, as the ONBUILD had it
 * @param base whose ONBUILD it is, in words: {@code base image app:1}
 */
public record Trigger(String text, String base) {
    private static final int LONGEST = 80;

    /** How errors call it, on one line. */
    String shown() {
        return "the ONBUILD trigger \"" + Excerpt.visible(text, LONGEST) + "\" of the " + base;
    }
}
