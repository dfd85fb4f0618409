package dev.jbuild.layer.tar;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;

/**
 * A layer that now exists as a blob.
 *
 * @param diffId the digest of its uncompressed tar
 * @param descriptor its blob
 */
public record WrittenLayer(Digest diffId, Descriptor descriptor) {}
