package dev.jbuild.core.image;

import dev.jbuild.oci.Digest;
import java.util.Set;

/**
 * What of an image is at its goal already, as far as that can be told without asking for each blob.
 *
 * @param isComplete whether all of it is there, under the name it is to get
 * @param blobs some of those that are there
 */
public record Presence(boolean isComplete, Set<Digest> blobs) {
    /** Nothing is known. */
    static final Presence UNKNOWN = new Presence(false, Set.of());

    static final Presence COMPLETE = new Presence(true, Set.of());

    public Presence {
        blobs = Set.copyOf(blobs);
    }
}
