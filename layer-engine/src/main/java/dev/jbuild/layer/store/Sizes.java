package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.layer.tree.TreeSize;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The bytes of the files that things consist of. */
record Sizes(Map<Thing, Long> bytes) {
    static final Sizes NONE = new Sizes(Map.of());

    static Sizes of(Holdings holdings, Linux linux) throws IOException {
        Map<Thing, Long> bytes = new HashMap<>();
        for (Thing thing : holdings.all()) {
            bytes.put(thing, of(thing, linux));
        }
        return new Sizes(bytes);
    }

    long of(Thing thing) {
        return bytes.getOrDefault(thing, 0L);
    }

    long of(Collection<Thing> things) {
        return things.stream().mapToLong(this::of).sum();
    }

    private static long of(Thing thing, Linux linux) throws IOException {
        Path path = thing.path();
        try {
            return switch (thing.kind()) {
                case TREE, CACHE -> ofTree(path, linux);
                case BLOB, RECORD ->
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .size();
            };
        } catch (NoSuchFileException e) {
            // Gone since the store was looked at.
            return 0;
        }
    }

    private static long ofTree(Path path, Linux linux) throws IOException {
        try {
            Optional<Fd> tree = StoreFolder.open(linux, path);
            tree.ifPresent(Fd::close);
            return tree.isPresent() ? TreeSize.of(linux, path) : 0;
        } catch (StoreException e) {
            // No folder of the user's, and whose its files are nobody knows.
            return 0;
        }
    }
}
