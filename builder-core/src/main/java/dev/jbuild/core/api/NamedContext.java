package dev.jbuild.core.api;

import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import java.nio.file.Path;
import java.util.Optional;

/** What stands in for a stage or image of some name ({@code --build-context NAME=VALUE}). */
public sealed interface NamedContext {
    /** A directory of this machine, less what its own {@code .dockerignore} excludes. */
    record Directory(Path path) implements NamedContext {}

    /** An image; empty is {@code scratch}. */
    record Image(Optional<ImageName> name) implements NamedContext {}

    /**
     * An image of an OCI layout in a directory of this machine.
     *
     * @param tag what the layout calls it; empty, with no digest either, is the only one or {@code latest}
     * @param digest of its manifest or index
     */
    record Layout(Path folder, Optional<String> tag, Optional<Digest> digest) implements NamedContext {}

    /** A stage of the same Dockerfile, by name or number. */
    record Target(String stage) implements NamedContext {}

    /** A git repository, or a file behind an http or https address. */
    record Remote(String address) implements NamedContext {}
}
