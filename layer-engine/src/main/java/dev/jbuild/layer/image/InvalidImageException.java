package dev.jbuild.layer.image;

import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.util.List;

/** An image is not what it claims to be. */
public final class InvalidImageException extends IOException {
    private static final long serialVersionUID = 1;

    public InvalidImageException(Digest image, List<String> problems) {
        super("image " + image + " is not valid: " + String.join("; ", problems));
    }
}
