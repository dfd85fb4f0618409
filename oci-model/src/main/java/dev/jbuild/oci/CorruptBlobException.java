package dev.jbuild.oci;

import java.io.IOException;

/** A blob's content is not what its descriptor claims. */
public final class CorruptBlobException extends IOException {
    private static final long serialVersionUID = 1;

    public CorruptBlobException(String message) {
        super(message);
    }
}
