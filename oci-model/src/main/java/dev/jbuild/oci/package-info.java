/** The nouns of OCI images: digests, descriptors, manifests, indexes, configs, platforms and names. */
@NullMarked
package dev.jbuild.oci;

import org.jspecify.annotations.NullMarked;
