package dev.jbuild.layer;

import java.util.List;

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
 * @param minFreeBytes of the disk, which files of a layer do not take
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
        long maxHeldBytes,
        long minFreeBytes) {

    /** The name of {@link #maxZstdWindowBytes}. */
    public static final String MAX_WINDOW = "maxZstdWindowBytes";

    /** The name of {@link #minFreeBytes}. */
    public static final String MIN_FREE = "minFreeBytes";

    private static final LayerLimits DEFAULTS = new LayerLimits(
            2_000_000, 32L << 30, 64 << 10, 1 << 20, 2000, 64L << 20, 128L << 20, 128, 64 << 10, 256L << 20, 64L << 20);

    private static final List<String> LONG_ONES =
            List.of("maxEntries", "maxBytes", "ratioFreeBytes", MAX_WINDOW, "maxHeldBytes", MIN_FREE);

    private static final List<String> INT_ONES =
            List.of("maxPathBytes", "maxExtendedHeaderBytes", "maxRatio", "maxXattrs", "maxXattrBytes");

    public static LayerLimits defaults() {
        return DEFAULTS;
    }

    public LayerLimits withMaxEntries(long entries) {
        return with("maxEntries", entries);
    }

    public LayerLimits withMaxBytes(long bytes) {
        return with("maxBytes", bytes);
    }

    public LayerLimits withMaxHeldBytes(long bytes) {
        return with("maxHeldBytes", bytes);
    }

    /**
     * With another value for the limit that a refusal names.
     *
     * @throws IllegalArgumentException when there is no such limit, or the value is none that it can have
     */
    public LayerLimits with(String limit, long value) {
        if (!LONG_ONES.contains(limit) && !INT_ONES.contains(limit)) {
            throw new IllegalArgumentException("there is no limit " + limit + "; there are "
                    + String.join(", ", LONG_ONES) + ", " + String.join(", ", INT_ONES));
        }
        // On a disk of one's own a layer may take all.
        long least = limit.equals(MIN_FREE) ? 0 : 1;
        if (value < least || (value > Integer.MAX_VALUE && INT_ONES.contains(limit))) {
            throw new IllegalArgumentException("the limit " + limit + " cannot be " + value);
        }
        Choice choice = new Choice(limit, value);
        return new LayerLimits(
                choice.of("maxEntries", maxEntries),
                choice.of("maxBytes", maxBytes),
                choice.of("maxPathBytes", maxPathBytes),
                choice.of("maxExtendedHeaderBytes", maxExtendedHeaderBytes),
                choice.of("maxRatio", maxRatio),
                choice.of("ratioFreeBytes", ratioFreeBytes),
                choice.of(MAX_WINDOW, maxZstdWindowBytes),
                choice.of("maxXattrs", maxXattrs),
                choice.of("maxXattrBytes", maxXattrBytes),
                choice.of("maxHeldBytes", maxHeldBytes),
                choice.of(MIN_FREE, minFreeBytes));
    }

    private record Choice(String limit, long value) {
        long of(String name, long present) {
            return name.equals(limit) ? value : present;
        }

        int of(String name, int present) {
            return name.equals(limit) ? (int) value : present;
        }
    }
}
