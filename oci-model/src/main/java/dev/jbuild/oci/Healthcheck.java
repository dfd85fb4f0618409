package dev.jbuild.oci;

import java.util.List;

/**
 * How a container's health is probed (Docker's extension of the image config). Durations are in nanoseconds; 0 means
 * the engine's default.
 *
 * @param test {@code NONE}, or {@code CMD} and its words, or {@code CMD-SHELL} and a line; empty inherits
 */
public record Healthcheck(
        List<String> test, long interval, long timeout, long startPeriod, long startInterval, int retries) {
    public Healthcheck {
        test = List.copyOf(test);
    }
}
