package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;

/** What is wrong with a Dockerfile, and where: found while parsing, planning or running it. */
public final class DockerfileException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Characters of a cause that are told: one may quote what the file says, and that may be long. */
    private static final int LONGEST = 4_000;

    private final String name;
    private final SourceRange range;
    private final Position position;
    private final String sentence;
    private final Optional<String> suggestion;
    private List<String> lines = List.of();

    /**
     * @param name of the file, as the user knows it
     * @param range the lines to show: those of the instruction
     * @param position the place of the fault in it
     * @param sentence the cause, without a full stop; it is kept to one printable line
     * @param suggestion what was probably meant
     */
    public DockerfileException(
            String name, SourceRange range, Position position, String sentence, Optional<String> suggestion) {
        String cause = range.told(Excerpt.visible(sentence, LONGEST));
        super(name + ":" + position.line() + ":" + position.column() + ": " + withSuggestion(cause, suggestion));
        this.name = name;
        this.range = range;
        this.position = position;
        this.sentence = cause;
        this.suggestion = suggestion;
    }

    /** An error about a whole instruction. */
    public DockerfileException(String name, SourceRange range, String sentence) {
        this(name, range, range.start(), sentence, Optional.empty());
    }

    /** An error about a word or option of an instruction. */
    public DockerfileException(String name, SourceRange range, ExpansionException cause) {
        this(name, range, range.start(), cause.getMessage() == null ? "" : cause.getMessage(), cause.suggestion());
        initCause(cause);
    }

    private static String withSuggestion(String sentence, Optional<String> suggestion) {
        return sentence + suggestion.map(s -> " (did you mean " + s + "?)").orElse("");
    }

    public String name() {
        return name;
    }

    public SourceRange range() {
        return range;
    }

    public Position position() {
        return position;
    }

    /** The cause and the suggestion, without the place. */
    public String sentence() {
        return withSuggestion(sentence, suggestion);
    }

    public Optional<String> suggestion() {
        return suggestion;
    }

    /** The same error, of a file that could not be read to its end and so has no other value that holds its lines. */
    public DockerfileException in(byte[] source) {
        lines = List.copyOf(SourceLines.split(source));
        return this;
    }

    /** The lines that were given by {@link #in}; else none. */
    public List<String> lines() {
        return lines;
    }

    /** The lines of the file around the fault, the faulty ones marked; ends with a line break. */
    public String excerpt(byte[] source) {
        return excerpt(SourceLines.split(source));
    }

    /** The lines of the file around the fault, the faulty ones marked; ends with a line break. */
    public String excerpt(Dockerfile source) {
        return excerpt(source.lines());
    }

    private String excerpt(List<String> lines) {
        return Excerpt.of(name, lines, range);
    }
}
