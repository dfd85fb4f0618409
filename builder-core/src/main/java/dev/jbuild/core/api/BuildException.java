package dev.jbuild.core.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A build, or a command on images, ended without a result. The message is one line for the user. */
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1;

    /** Whose affair the failure is; the command line's exit code follows from it. */
    public enum Kind {
        /** The Dockerfile, the context or a step. */
        BUILD,
        /** What was asked makes no sense. */
        USAGE,
        /** A registry or the credentials for it. */
        REGISTRY,
        /** The store, or the disk below it. */
        STORE,
        /** This machine lacks something. */
        MACHINE
    }

    private final Kind kind;
    private final @Nullable String excerpt;

    public BuildException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.excerpt = null;
    }

    public BuildException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.excerpt = null;
    }

    /** @param excerpt the lines of the Dockerfile that the failure is about, ready to print */
    public BuildException(Kind kind, String message, String excerpt) {
        super(message);
        this.kind = kind;
        this.excerpt = excerpt;
    }

    /**
     * @param excerpt the lines of the Dockerfile that the failure is about, ready to print
     * @param cause what knows the place more exactly
     */
    public BuildException(Kind kind, String message, String excerpt, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.excerpt = excerpt;
    }

    /** The same failure, told with more knowledge of where it happened. */
    public BuildException(BuildException cause, String message, String excerpt) {
        super(message, cause);
        this.kind = cause.kind;
        this.excerpt = excerpt;
    }

    public Kind kind() {
        return kind;
    }

    public Optional<String> excerpt() {
        return Optional.ofNullable(excerpt);
    }
}
