package dev.jbuild.oci;

import java.io.IOException;

/** A source was asked for a blob that it does not hold. */
public final class NoSuchBlobException extends IOException {
    private static final long serialVersionUID = 1;

    public NoSuchBlobException(Digest digest, String origin) {
        super("blob " + digest + " is not in " + origin);
    }
}
