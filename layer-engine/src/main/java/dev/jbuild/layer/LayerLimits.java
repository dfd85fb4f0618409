package dev.jbuild.layer;

/**
 * How much one layer may ask for. Each bound names itself in the refusal that it causes.
 *
 * @param maxEntries entries of a layer
 * @param maxBytes uncompressed bytes of a layer, and the sum of its files' sizes
 * @param maxPathBytes bytes of a path or of a link's target
 * @param maxExtendedHeaderBytes bytes of one PAX or GNU long-name header
 * @param maxRatio uncompressed bytes for each compressed one, once {@code ratioFreeBytes} were read
 * @param ratioFreeBytes uncompressed bytes that pass whatever their ratio: small layers compress to nothing
 * @param maxZstdWindowBytes memory that a zstd frame may ask the reader for
 * @param maxXattrs extended attributes of an entry
 * @param maxXattrBytes bytes of one extended attribute's value (the kernel's own bound is 64 KiB)
 * @param maxHeldBytes memory for what must be remembered of a layer until its end: directories with their attributes, and what it removes
 */
public record LayerLimits(
        long maxEntries,
        long maxBytes,
        int maxPathBytes,
        int maxExtendedHeaderBytes,
        int maxRatio,
        long ratioFreeBytes,
        long maxZstdWindowBytes,
        int maxXattrs,
        int maxXattrBytes,
        long maxHeldBytes) {

    private static final LayerLimits DEFAULTS = new LayerLimits(
            2_000_000, 32L << 30, 64 << 10, 1 << 20, 2000, 64L << 20, 128L << 20, 128, 64 << 10, 256L << 20);

    public static LayerLimits defaults() {
        return DEFAULTS;
    }

    public LayerLimits withMaxEntries(long entries) {
        return new LayerLimits(
                entries,
                maxBytes,
                maxPathBytes,
                maxExtendedHeaderBytes,
                maxRatio,
                ratioFreeBytes,
                maxZstdWindowBytes,
                maxXattrs,
                maxXattrBytes,
                maxHeldBytes);
    }

    public LayerLimits withMaxBytes(long bytes) {
        return new LayerLimits(
                maxEntries,
                bytes,
                maxPathBytes,
                maxExtendedHeaderBytes,
                maxRatio,
                ratioFreeBytes,
                maxZstdWindowBytes,
                maxXattrs,
                maxXattrBytes,
                maxHeldBytes);
    }

    public LayerLimits withMaxHeldBytes(long bytes) {
        return new LayerLimits(
                maxEntries,
                maxBytes,
                maxPathBytes,
                maxExtendedHeaderBytes,
                maxRatio,
                ratioFreeBytes,
                maxZstdWindowBytes,
                maxXattrs,
                maxXattrBytes,
                bytes);
    }
}
