package dev.jbuild.runtime;

import java.io.IOException;
import java.util.Optional;

/** The host, looked at when the first step asks: a build without RUN needs to know nothing of it. */
final class LazyHost {
    private Optional<Host> host = Optional.empty();

    synchronized Host get() throws IOException {
        if (host.isEmpty()) {
            host = Optional.of(Host.probe());
        }
        return host.get();
    }
}
