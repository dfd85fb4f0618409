package dev.jbuild.core;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import java.util.Optional;

/**
 * A named image of the store.
 *
 * @param config the config's digest, Docker's image id
 * @param created RFC 3339, as the config has it
 * @param size of all blobs as they are stored, in bytes
 */
public record ImageSummary(ImageName name, Descriptor manifest, Digest config, Optional<String> created, long size) {}
