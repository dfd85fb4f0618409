package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Kind;
import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.layer.store.StoreUsage.Item;
import dev.jbuild.layer.store.StoreUsage.Need;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Looks at a store and tells what is in it. What changes meanwhile is seen as before or after. */
final class UsageReader {
    private final StoreFolders folders;
    private final Session session;

    UsageReader(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    StoreUsage read() throws IOException {
        Holdings holdings = Holdings.of(folders);
        Sizes sizes = Sizes.of(holdings, folders.linux());
        Map<Thing, Integer> images = imagesThatNeed(holdings);
        Reach builds = new Reach(holdings, folders.linux());
        for (byte[] noted : new Sweeper(folders).noted()) {
            builds.follow(noted);
        }
        Reach cache = new Reach(holdings, folders.linux());
        LastUses lastUses = lastUses(holdings, cache);
        List<Item> items = new ArrayList<>();
        for (Thing thing : holdings.all()) {
            int count = images.getOrDefault(thing, 0);
            Need need = need(thing, count > 0, builds, cache);
            items.add(new Item(
                    thing.kind().name().toLowerCase(Locale.ROOT),
                    thing.id(),
                    sizes.of(thing),
                    count,
                    need,
                    lastUses.when(thing)));
        }
        items.addAll(quarantined());
        return new StoreUsage(items);
    }

    private Need need(Thing thing, boolean isOfImage, Reach builds, Reach cache) throws IOException {
        if (thing.kind() == Kind.CACHE) {
            return StoreLock.isHeld(folders, thing.id()) ? Need.BUILD : Need.CACHE;
        }
        if (isOfImage) {
            return Need.IMAGE;
        }
        if (builds.has(thing)) {
            return Need.BUILD;
        }
        return cache.has(thing) ? Need.CACHE : Need.NOTHING;
    }

    /** What a check has put aside, which any prune removes. */
    private List<Item> quarantined() throws IOException {
        List<Item> items = new ArrayList<>();
        if (!Files.isDirectory(folders.quarantine(), LinkOption.NOFOLLOW_LINKS)) {
            return items;
        }
        try {
            for (Path file : FolderListing.of(folders.quarantine())) {
                items.add(quarantined(file));
            }
        } catch (NoSuchFileException e) {
            // A prune has just taken all of it.
            return List.of();
        }
        return items;
    }

    private static Item quarantined(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Instant since = attributes.lastModifiedTime().toInstant();
        return new Item("damaged", file.getFileName().toString(), attributes.size(), 0, Need.NOTHING, since);
    }

    /** Two names of one image are one image. */
    private Map<Thing, Integer> imagesThatNeed(Holdings holdings) throws IOException {
        Set<Digest> digests = new LinkedHashSet<>();
        for (ImageNames.NamedImage named : new ImageNames(folders, session).list()) {
            digests.add(named.image().digest());
        }
        Map<Thing, Integer> counts = new HashMap<>();
        for (Digest digest : digests) {
            new Reach(holdings, folders.linux())
                    .follow(digest.hex())
                    .forEach(thing -> counts.merge(thing, 1, Integer::sum));
        }
        return counts;
    }

    /** A thing is used when its own file says so, or a record that names it. */
    private LastUses lastUses(Holdings holdings, Reach cache) throws IOException {
        LastUses uses = LastUses.of(holdings.all());
        for (Thing record : holdings.all(Kind.RECORD)) {
            cache.follow(record.id());
            for (Thing named : new Reach(holdings, folders.linux()).follow(record.id())) {
                uses.alsoUsed(named, uses.when(record));
            }
        }
        return uses;
    }
}
