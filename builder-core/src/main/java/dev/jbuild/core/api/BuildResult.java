package dev.jbuild.core.api;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.util.List;

/**
 * A finished image.
 *
 * @param manifest of several platforms the index
 * @param config the config's descriptor; its digest is Docker's image id. Several platforms have a config each: then it is
 *     the index once more
 * @param tags the names it was given
 * @param pushed whether it went to their registries
 */
public record BuildResult(Descriptor manifest, Descriptor config, List<ImageName> tags, boolean pushed) {
    public BuildResult {
        tags = List.copyOf(tags);
    }

    /** Whether it is an index of several images. */
    public boolean isIndex() {
        return config.equals(manifest);
    }
}
