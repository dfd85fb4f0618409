package dev.jbuild.core.api;

/**
 * A value that only the steps that ask for it see: never part of an image, of a cache key or of anything printed.
 *
 * @param id what a RUN asks for it by
 * @param value at most {@link #MAX_BYTES}
 */
public record Secret(String id, byte[] value) {
    /** BuildKit's own limit. */
    public static final int MAX_BYTES = 500 << 10;

    public Secret {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a secret needs an id");
        }
        if (value.length > MAX_BYTES) {
            throw new IllegalArgumentException("the secret " + id + " is longer than " + MAX_BYTES + " bytes");
        }
        value = value.clone();
    }

    @Override
    public byte[] value() {
        return value.clone();
    }

    @Override
    public String toString() {
        return "Secret[id=" + id + "]";
    }
}
