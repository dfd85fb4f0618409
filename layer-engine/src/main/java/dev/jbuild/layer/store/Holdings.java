package dev.jbuild.layer.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything in a store that goes by an id, as it was when looked at: blobs, trees, records and caches. */
final class Holdings {
    private final Map<String, List<Thing>> byId = new TreeMap<>();

    /** @param id a digest's hex digits, or a tree's or a cache's own id */
    record Thing(Kind kind, String id, Path path) {}

    /** What a thing is; each kind has its folder. */
    enum Kind {
        BLOB,
        TREE,
        RECORD,
        /** A directory that steps keep, which nothing names. */
        CACHE
    }

    private Holdings() {}

    static Holdings of(StoreFolders folders) throws IOException {
        Holdings holdings = new Holdings();
        for (Path algorithm : FolderListing.of(folders.blobs())) {
            if (Files.isDirectory(algorithm, LinkOption.NOFOLLOW_LINKS)) {
                holdings.collect(Kind.BLOB, algorithm);
            }
        }
        holdings.collect(Kind.TREE, folders.trees());
        holdings.collect(Kind.RECORD, folders.records());
        holdings.collect(Kind.CACHE, folders.caches());
        return holdings;
    }

    /** A tree and a record may have one id. */
    List<Thing> of(String id) {
        return byId.getOrDefault(id, List.of());
    }

    boolean hold(String id) {
        return byId.containsKey(id);
    }

    List<Thing> all() {
        return byId.values().stream().flatMap(Collection::stream).toList();
    }

    List<Thing> all(Kind kind) {
        return all().stream().filter(thing -> thing.kind == kind).toList();
    }

    private void collect(Kind kind, Path folder) throws IOException {
        for (Path file : FolderListing.of(folder)) {
            String name = file.getFileName().toString();
            String id = kind == Kind.TREE ? TreeStore.idOf(name) : name;
            byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(new Thing(kind, id, file));
        }
    }
}
