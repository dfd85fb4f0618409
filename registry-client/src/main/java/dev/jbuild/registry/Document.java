package dev.jbuild.registry;

import dev.jbuild.oci.Descriptor;

/** A manifest or an index: the very bytes that the digest is of, and their verified descriptor. */
public record Document(Descriptor descriptor, byte[] bytes) {}
