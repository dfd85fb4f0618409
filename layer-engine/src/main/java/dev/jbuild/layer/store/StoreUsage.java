package dev.jbuild.layer.store;

import java.time.Instant;
import java.util.List;

/** What a store holds and what needs it. */
public record StoreUsage(List<Item> items) {
    public StoreUsage {
        items = List.copyOf(items);
    }

    /** What keeps a thing, the strongest reason of several. */
    public enum Need {
        /** A named image; goes when its last name is removed. */
        IMAGE,
        /** A build that runs now. */
        BUILD,
        /** A step record, or that it is a step's cache; goes with a prune of the cache. */
        CACHE,
        /** Nothing; goes with any prune. */
        NOTHING
    }

    /**
     * A blob, a tree, a record, a directory that steps keep, or a blob that a check has put aside.
     *
     * @param kind {@code blob}, {@code tree}, {@code record}, {@code cache} or {@code damaged}
     * @param id a digest's hex digits, or a tree's or a cache's own id
     * @param bytes of all files that it consists of
     * @param images how many different images need it
     * @param lastUse good to the minute
     */
    public record Item(String kind, String id, long bytes, int images, Need need, Instant lastUse) {
        /** Whether more than one image needs it. */
        public boolean isShared() {
            return images > 1;
        }

        /** Whether some prune takes it while no build runs. */
        public boolean isReclaimable() {
            return need == Need.CACHE || need == Need.NOTHING;
        }
    }
}
