package dev.jbuild.registry;

import dev.jbuild.oci.ImageName;
import java.io.Closeable;

/** Speaks the OCI distribution protocol to any number of registries. Safe for use by many threads at once. */
public final class RegistryClient implements Closeable {
    public RegistryClient(RegistryOptions options, Credentials credentials) {}

    /** The repository that an image name is in; nothing is sent yet. */
    public Repository repository(ImageName name) {
        return new Repository(name);
    }

    /** Closes all connections; streams that are still open break. */
    @Override
    public void close() {}
}
