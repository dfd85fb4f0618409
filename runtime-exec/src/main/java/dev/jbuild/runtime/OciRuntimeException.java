package dev.jbuild.runtime;

import java.io.IOException;

/** An OCI runtime could not run the step; the message has its own words. */
public final class OciRuntimeException extends IOException {
    private static final long serialVersionUID = 1;

    OciRuntimeException(String words) {
        super("the OCI runtime failed: " + words);
    }
}
