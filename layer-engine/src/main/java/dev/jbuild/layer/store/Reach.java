package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is needed by something, found by following names. Names are found conservatively: whatever id stands as text in a
 * document, a record or a lease names the blob, tree and record of that id.
 */
final class Reach {
    private final Holdings holdings;
    private final Set<String> reached = new HashSet<>();
    private final Deque<String> unread = new ArrayDeque<>();

    Reach(Holdings holdings) {
        this.holdings = holdings;
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

    /** The file's content; an empty one when its owner has just removed it or it is no file, for then it names nothing. */
    static byte[] readIfPresent(Path file) throws IOException {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? NamedFailure.reading(file, Files::readAllBytes)
                    : new byte[0];
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private List<Thing> followAll() throws IOException {
        List<Thing> added = new ArrayList<>();
        while (!unread.isEmpty()) {
            for (Thing thing : holdings.of(unread.pop())) {
                added.add(thing);
                if (mayName(thing)) {
                    pushNamedIn(readIfPresent(thing.path()));
                }
            }
        }
        return added;
    }

    /** Records, and blobs that are JSON documents and not layers. */
    private static boolean mayName(Thing thing) throws IOException {
        return switch (thing.kind()) {
            case RECORD -> true;
            case TREE -> false;
            case BLOB -> isDocument(thing.path());
        };
    }

    static boolean isDocument(Path blob) throws IOException {
        if (!Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) || Files.size(blob) > Manifest.MAX_BYTES) {
            return false;
        }
        return NamedFailure.reading(blob, Reach::firstByte) == '{';
    }

    private static int firstByte(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read();
        }
    }

    /** Ids are runs of lower-case letters, digits and dashes. */
    private void pushNamedIn(byte[] text) {
        int start = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i == text.length || !isOfId(text[i])) {
                if (i > start) {
                    push(new String(text, start, i - start, StandardCharsets.US_ASCII));
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
