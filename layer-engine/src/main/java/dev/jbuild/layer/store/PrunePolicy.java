package dev.jbuild.layer.store;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much of the cache a prune takes. Named images and what running builds use stay in any case; what nothing names goes
 * in any case.
 *
 * @param cache whether step records and caches of steps go at all, and with them what only they name
 * @param unusedSince keeps what was used at this time or later
 * @param keepBytes keeps what was last used, as long as it is no larger together
 */
public record PrunePolicy(boolean cache, Optional<Instant> unusedSince, OptionalLong keepBytes) {
    /** Only what nothing names. */
    public static PrunePolicy unused() {
        return new PrunePolicy(false, Optional.empty(), OptionalLong.empty());
    }

    /** The whole cache, too. */
    public static PrunePolicy all() {
        return new PrunePolicy(true, Optional.empty(), OptionalLong.empty());
    }

    /** Whether the whole cache goes, with nothing to be weighed. */
    boolean takesAll() {
        return cache && unusedSince.isEmpty() && keepBytes.isEmpty();
    }

    /** Whether a record or a cache that was last used then may go. */
    boolean mayTake(Instant lastUse) {
        return cache && unusedSince.map(lastUse::isBefore).orElse(true);
    }

    /** Whether things that add up to so much are still kept. */
    boolean fits(long bytes) {
        return keepBytes.isPresent() && bytes <= keepBytes.getAsLong();
    }
}
