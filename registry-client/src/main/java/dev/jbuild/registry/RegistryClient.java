package dev.jbuild.registry;

import dev.jbuild.oci.ImageName;
import java.io.Closeable;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Speaks the OCI distribution protocol to any number of registries. Safe for use by many threads at once; they share
 * connections, tokens and the limits on both.
 */
public final class RegistryClient implements Closeable {
    private final RegistryOptions options;
    private final Credentials credentials;
    private final Timing timing;
    private final Wire wire;
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

    public RegistryClient(RegistryOptions options, Credentials credentials) {
        this(options, credentials, Timing.system(), InetAddress::getAllByName);
    }

    RegistryClient(RegistryOptions options, Credentials credentials, Timing timing, Dialer.Resolver resolver) {
        this.options = options;
        this.credentials = credentials;
        this.timing = timing;
        this.wire = new Wire(options, timing, resolver);
    }

    /** The repository that an image name is in; nothing is sent yet. */
    public Repository repository(ImageName name) {
        return new Repository(endpoints.computeIfAbsent(name.registry(), this::endpoint), name);
    }

    private Endpoint endpoint(String registry) {
        return new Endpoint(registry, options, credentials, wire, timing);
    }

    /** Closes all connections; streams that are still open break. */
    @Override
    public void close() {
        wire.close();
    }
}
