package dev.jbuild.core.api;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.util.List;

/**
 * A finished image.
 *
 * @param config the config's descriptor; its digest is Docker's image id
 * @param tags the names it was given
 * @param pushed whether it went to their registries
 */
public record BuildResult(Descriptor manifest, Descriptor config, List<ImageName> tags, boolean pushed) {
    public BuildResult {
        tags = List.copyOf(tags);
    }
}
