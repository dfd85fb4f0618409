package dev.jbuild.registry;

import java.io.IOException;
import java.util.Optional;

/** Knows how to log in to registries. */
@FunctionalInterface
public interface Credentials {
    /** Nobody is known anywhere: public images only. */
    Credentials NONE = registry -> Optional.empty();

    /**
     * The login for a registry; asked once for each registry of a client, and only after the registry wanted one.
     *
     * @param registry host with optional port as image names have it, {@code docker.io} for Docker Hub
     * @throws IOException when credentials are configured but cannot be had
     */
    Optional<Login> find(String registry) throws IOException;
}
