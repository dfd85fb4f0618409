package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Thing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * When things were last used, which is what their files' times say ({@link Session#markUsed}). A clock that was set wrong makes
 * a prune take the wrong part of the cache and no more: what is needed does not depend on it.
 */
record LastUses(Map<Thing, Instant> times) {
    LastUses {
        times = new HashMap<>(times);
    }

    static LastUses of(Collection<Thing> things) throws IOException {
        Map<Thing, Instant> times = new HashMap<>();
        for (Thing thing : things) {
            times.put(thing, fileTime(thing));
        }
        return new LastUses(times);
    }

    /** When the thing was last used; one that was not looked at never was. */
    Instant when(Thing thing) {
        return times.getOrDefault(thing, Instant.EPOCH);
    }

    /** Who names a thing uses it. */
    void alsoUsed(Thing thing, Instant use) {
        times.merge(thing, use, (one, other) -> one.isAfter(other) ? one : other);
    }

    private static Instant fileTime(Thing thing) throws IOException {
        try {
            return Files.getLastModifiedTime(thing.path(), LinkOption.NOFOLLOW_LINKS)
                    .toInstant();
        } catch (NoSuchFileException e) {
            // Gone since the store was looked at.
            return Instant.EPOCH;
        }
    }
}
