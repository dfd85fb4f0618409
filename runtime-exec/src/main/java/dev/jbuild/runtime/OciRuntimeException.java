package dev.jbuild.runtime;

import java.io.IOException;

/** A step could not be run by an OCI runtime; the message has the runtime's own words, or the launcher's before it. */
public final class OciRuntimeException extends IOException {
    private static final long serialVersionUID = 1;

    OciRuntimeException(String message) {
        super(message);
    }

    OciRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
