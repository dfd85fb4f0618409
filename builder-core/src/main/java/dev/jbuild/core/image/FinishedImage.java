package dev.jbuild.core.image;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a name stands for: an image, or an index of the images of several platforms.
 *
 * @param descriptor of the document
 * @param document the manifest or the index, as it is stored
 */
public record FinishedImage(Descriptor descriptor, byte[] document, List<Image> images) {
    public FinishedImage {
        images = List.copyOf(images);
    }

    /** One image by itself. */
    public static FinishedImage of(Image image) {
        return new FinishedImage(image.descriptor(), image.document(), List.of(image));
    }

    /** The image for a platform; where an index has none, its first. */
    public Image serving(Platform platform) throws IOException {
        if (!isIndex()) {
            return images.getFirst();
        }
        Index index = Index.parse(document, descriptor.mediaType(), "index " + descriptor.digest());
        Optional<Digest> wanted = index.select(platform).map(Descriptor::digest);
        return images.stream()
                .filter(image ->
                        wanted.filter(image.descriptor().digest()::equals).isPresent())
                .findFirst()
                .orElse(images.getFirst());
    }

    public boolean isIndex() {
        return images.size() != 1 || !images.getFirst().descriptor().digest().equals(descriptor.digest());
    }
}
