package dev.jbuild.dockerfile;

import java.util.Optional;

/** Why a word or an option value means nothing; {@link DockerfileException} adds the place. */
public final class ExpansionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Optional<String> suggestion;

    public ExpansionException(String sentence) {
        this(sentence, Optional.empty());
    }

    public ExpansionException(String sentence, Optional<String> suggestion) {
        super(sentence);
        this.suggestion = suggestion;
    }

    /** What was probably meant. */
    public Optional<String> suggestion() {
        return suggestion;
    }
}
