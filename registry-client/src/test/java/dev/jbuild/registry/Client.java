package dev.jbuild.registry;

import dev.jbuild.oci.ImageName;
import java.net.InetAddress;
import java.util.Set;

/** A registry client whose clock is the test's, and for whom all host names lead to loopback. */
final class Client implements AutoCloseable {
    private final FakeTiming timing = new FakeTiming();
    private final RegistryClient client;

    Client(RegistryOptions options, Credentials credentials) {
        this.client = new RegistryClient(
                options, credentials, timing, host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    Client(Credentials credentials) {
        this(RegistryOptions.defaults(), credentials);
    }

    Client() {
        this(Credentials.NONE);
    }

    /** A client that speaks plain HTTP with these hosts. */
    static Client insecure(Credentials credentials, String... hosts) {
        return new Client(RegistryOptions.defaults().withInsecure(Set.of(hosts)), credentials);
    }

    /** The repository {@code app} of a registry. */
    Repository app(String host) {
        return client.repository(ImageName.parse(host + "/app"));
    }

    FakeTiming timing() {
        return timing;
    }

    @Override
    public void close() {
        client.close();
    }
}
