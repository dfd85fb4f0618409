package dev.jbuild.core.image;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * An image as a value: its manifest. The bytes of all it names are in some store or registry.
 *
 * @param descriptor the manifest's own
 * @param document the manifest as it is stored; a digest is of bytes
 */
public record Image(Descriptor descriptor, byte[] document, Manifest manifest) {
    /** Every blob that the manifest names, the config last: it is useless before its layers. */
    public List<Descriptor> blobs() {
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        return blobs.stream().distinct().toList();
    }

    /** The size of all blobs, in bytes. */
    public long size() {
        return blobs().stream().mapToLong(Descriptor::size).sum();
    }
}
