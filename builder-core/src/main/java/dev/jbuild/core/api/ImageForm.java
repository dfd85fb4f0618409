package dev.jbuild.core.api;

import dev.jbuild.layer.tar.Compression;
import java.util.ArrayList;
import java.util.List;

/**
 * How an image is written. Two exports of one result may differ in it.
 *
 * @param compression of the layers that the build makes
 * @param everyLayer whether the layers of the base are compressed anew as well
 * @param rewritesTimes whether no file of the layers that the build makes is newer than the source date epoch
 * @param ociTypes whether its media types are OCI's, else Docker's
 */
public record ImageForm(
        Compression compression,
        boolean everyLayer,
        boolean rewritesTimes,
        boolean ociTypes,
        List<Annotation> annotations) {
    public static final ImageForm DEFAULT = new ImageForm(Compression.GZIP, false, false, true, List.of());

    public ImageForm {
        annotations = List.copyOf(annotations);
        if (!ociTypes && compression.format() == Compression.Format.ZSTD) {
            throw new IllegalArgumentException(
                    "Docker has no media type for layers in zstd; leave out oci-mediatypes=false");
        }
    }

    /** The same form with more annotations, which come first, so that the form's own win. */
    public ImageForm under(List<Annotation> more) {
        List<Annotation> all = new ArrayList<>(more);
        all.addAll(annotations);
        return new ImageForm(compression, everyLayer, rewritesTimes, ociTypes, all);
    }
}
