/** The local store: blobs in an OCI image layout, image names, unpacked trees, step records, file digests, leases. */
@NullMarked
package dev.jbuild.layer.store;

import org.jspecify.annotations.NullMarked;
