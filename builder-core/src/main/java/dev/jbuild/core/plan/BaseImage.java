package dev.jbuild.core.plan;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;

/** An image that a stage starts from or copies from: what is known of it before any layer is read. */
public record BaseImage(ImageName name, Descriptor descriptor, Manifest manifest, ImageConfig config) {
    public BaseImage {
        if (manifest.layers().size() != config.diffIds().size()) {
            throw new IllegalArgumentException(
                    "image " + name + " has " + manifest.layers().size() + " layers but its config names "
                            + config.diffIds().size() + " diff_ids");
        }
    }
}
