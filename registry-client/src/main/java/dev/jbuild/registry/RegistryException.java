package dev.jbuild.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A registry did not do what was asked; the message names the request, without secrets, and the registry's own reason. */
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1;

    /** What kind of refusal or failure it is, for whoever must react to it. */
    public enum Kind {
        /** The registry wants other credentials, or none were found. */
        DENIED,
        /** The registry does not hold it. */
        NOT_FOUND,
        /** An answer broke a rule of ours (an unsafe redirect, a digest that differs) or of the protocol. */
        REFUSED,
        /** No connection, a time-out, or an error of the server, still so after the retries. */
        UNAVAILABLE,
        /** The registry refused the request for another reason. */
        REJECTED
    }

    private final Kind kind;
    private final int status;
    private final String code;
    private final Duration retryAfter;

    RegistryException(Kind kind, String message) {
        this(kind, 0, "", Duration.ZERO, message);
    }

    RegistryException(Kind kind, String message, Throwable cause) {
        this(kind, message);
        initCause(cause);
    }

    /** @param retryAfter how long the server asks to be left alone; zero when it does not */
    RegistryException(Kind kind, int status, String code, Duration retryAfter, String message) {
        super(message);
        this.kind = kind;
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** The same failure with something added to its message. */
    RegistryException(RegistryException failure, String addition) {
        this(failure.kind, failure.status, failure.code, failure.retryAfter, failure.getMessage() + addition);
        initCause(failure);
    }

    Duration retryAfter() {
        return retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** The HTTP status; empty when no answer came or the answer was not at fault by its status. */
    public Optional<Integer> status() {
        return status == 0 ? Optional.empty() : Optional.of(status);
    }

    /** The registry's error code, such as {@code MANIFEST_UNKNOWN} (OCI distribution-spec "Error Codes"). */
    public Optional<String> code() {
        return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }
}
