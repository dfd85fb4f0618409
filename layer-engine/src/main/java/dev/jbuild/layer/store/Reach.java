package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is needed by something, found by following names. Names are found conservatively: whatever id stands as text in a
 * document, a record or a lease names the blob, tree and record of that id.
 */
final class Reach {
    private static final byte[] NOTHING = {};

    private final Holdings holdings;
    private final Linux linux;
    private final Set<String> reached = new HashSet<>();
    private final Deque<String> unread = new ArrayDeque<>();

    Reach(Holdings holdings, Linux linux) {
        this.holdings = holdings;
        this.linux = linux;
    }

    boolean has(Thing thing) {
        return reached.contains(thing.id());
    }

    /** Follows what a text names; returns what was not reached before. */
    List<Thing> follow(byte[] text) throws IOException {
        pushNamedIn(text);
        return followAll();
    }

    /** Follows an id; returns what was not reached before. */
    List<Thing> follow(String id) throws IOException {
        push(id);
        return followAll();
    }

    /** Takes back what a call has added. */
    void forget(List<Thing> added) {
        added.forEach(thing -> reached.remove(thing.id()));
    }

    private List<Thing> followAll() throws IOException {
        List<Thing> added = new ArrayList<>();
        while (!unread.isEmpty()) {
            for (Thing thing : holdings.of(unread.pop())) {
                added.add(thing);
                pushNamedIn(text(thing));
            }
        }
        return added;
    }

    /** What names others: records, and blobs that are JSON documents and not layers. */
    private byte[] text(Thing thing) throws IOException {
        try {
            return switch (thing.kind()) {
                case RECORD ->
                    StoreFile.read(linux, thing.path(), RecordStore.MAX_BYTES).orElse(NOTHING);
                case TREE, CACHE -> NOTHING;
                case BLOB ->
                    isDocument(linux, thing.path())
                            ? StoreFile.read(linux, thing.path(), Manifest.MAX_BYTES)
                                    .orElse(NOTHING)
                            : NOTHING;
            };
        } catch (StoreException e) {
            // No file of the user's: nobody reads it, so nobody finds what it names.
            return NOTHING;
        }
    }

    /** @throws StoreException when it is no regular file, or another user's */
    static boolean isDocument(Linux linux, Path blob) throws IOException {
        Optional<Fd> file = StoreFile.open(linux, blob);
        if (file.isEmpty()) {
            return false;
        }
        try (Fd fd = file.get()) {
            byte[] first = new byte[1];
            return linux.stat(fd).size() <= Manifest.MAX_BYTES && linux.read(fd, first, 0, 1) == 1 && first[0] == '{';
        }
    }

    /** Ids are runs of lower-case letters, digits and dashes. */
    private void pushNamedIn(byte[] text) {
        int start = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i == text.length || !isOfId(text[i])) {
                String id = new String(text, start, i - start, StandardCharsets.US_ASCII);
                // Steps name their caches; that a text happens to hold such a name must not keep one.
                if (!id.startsWith(CacheDirectories.PREFIX)) {
                    push(id);
                }
                start = i + 1;
            }
        }
    }

    private void push(String id) {
        if (holdings.hold(id) && reached.add(id)) {
            unread.push(id);
        }
    }

    private static boolean isOfId(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-';
    }
}
