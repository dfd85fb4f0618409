package dev.jbuild.oci;

import java.util.Map;

/**
 * What is known of a blob before it is read: its type, digest and size in bytes (OCI image-spec "Content Descriptors").
 *
 * @param annotations free key-value pairs, never interpreted
 */
public record Descriptor(String mediaType, Digest digest, long size, Map<String, String> annotations) {
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a blob of " + size + " bytes: " + digest);
        }
        annotations = Map.copyOf(annotations);
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of());
    }

    /** The descriptor of these very bytes. */
    public static Descriptor of(String mediaType, byte[] content) {
        return new Descriptor(mediaType, Digest.of(content), content.length);
    }
}
