package dev.jbuild.layer.tar;

import dev.jbuild.oci.MediaTypes;

/**
 * How a layer's blob is compressed.
 *
 * @param level of libdeflate (0 to 12) or of zstd (1 to 22); without meaning for {@link Format#NONE}
 */
public record Compression(Format format, int level) {
    /** The layer formats of the OCI image specification. */
    public enum Format {
        NONE,
        GZIP,
        ZSTD
    }

    public static final Compression NONE = new Compression(Format.NONE, 0);

    /** libdeflate's level 4 takes two thirds of its level 6's time; its output is as zlib's 6's, 2 % above it for programs. */
    public static final Compression GZIP = new Compression(Format.GZIP, 4);

    public static final Compression ZSTD = new Compression(Format.ZSTD, 3);

    public Compression {
        boolean isKnown = switch (format) {
            case NONE -> level == 0;
            case GZIP -> level >= 0 && level <= 12;
            case ZSTD -> level >= 1 && level <= 22;
        };
        if (!isKnown) {
            throw new IllegalArgumentException(format + " has no level " + level);
        }
    }

    /** By hand: what a record has by itself is linked when it is first called, which takes ten milliseconds of start-up. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Compression compression && compression.format == format && compression.level == level;
    }

    @Override
    public int hashCode() {
        return 31 * format.hashCode() + level;
    }

    public String mediaType() {
        return switch (format) {
            case NONE -> MediaTypes.OCI_LAYER;
            case GZIP -> MediaTypes.OCI_LAYER_GZIP;
            case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
        };
    }
}
