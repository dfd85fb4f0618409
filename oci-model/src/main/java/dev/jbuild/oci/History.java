package dev.jbuild.oci;

import java.util.Optional;

/**
 * One entry of an image's history.
 *
 * @param created RFC 3339, as written
 * @param emptyLayer whether the instruction left no layer; the others answer to the layers in order
 */
public record History(Optional<String> created, String createdBy, String author, String comment, boolean emptyLayer) {
    /** The same, of an instruction that left no layer or one. */
    public History withEmptyLayer(boolean isEmpty) {
        return new History(created, createdBy, author, comment, isEmpty);
    }
}
