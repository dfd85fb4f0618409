package dev.jbuild.core.api;

import java.nio.file.Path;
import java.util.Optional;

/** Which Dockerfile is built. */
public sealed interface DockerfileSource {
    /** What it is called, for progress. */
    String shown();

    /** A file of this machine, absolute or relative to the working directory. */
    record File(Path path) implements DockerfileSource {
        @Override
        public String shown() {
            return String.valueOf(path.getFileName());
        }
    }

    /**
     * A file of the context.
     *
     * @param path relative to it; empty is {@code Dockerfile}, or the context itself where that is a Dockerfile
     */
    record InContext(Optional<String> path) implements DockerfileSource {
        @Override
        public String shown() {
            return path.orElse("Dockerfile");
        }
    }

    /** A file behind an http or https address. */
    record Remote(String address) implements DockerfileSource {
        @Override
        public String shown() {
            return address;
        }
    }
}
