package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.LockMode;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what nothing names and removes it. Names are found conservatively: whatever id stands as text in the image index,
 * in a manifest or config, in a step record or in a lease keeps the blob, tree or record of that id.
 */
final class Pruner {
    private final StoreFolders folders;
    private final Session session;
    private final Map<String, List<Path>> things = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Deque<String> unread = new ArrayDeque<>();

    Pruner(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    Freed prune(boolean all) throws IOException {
        Sweeper sweeper = new Sweeper(folders);
        sweeper.sweep(session);
        collect(folders.trees());
        try (var algorithms = Files.newDirectoryStream(folders.blobs())) {
            for (Path algorithm : algorithms) {
                collect(algorithm);
            }
        }
        collect(folders.records());
        Path grave = session.temporary();
        Files.createDirectory(grave, StoreFolders.PRIVATE_FOLDER);
        try (Fd _ = CollectionLock.take(folders, LockMode.EXCLUSIVE)) {
            // Under the lock nobody can begin to use a thing; what is noted by now is kept.
            mark(sweeper, all);
            bury(grave);
        }
        StoreLock.removeUnheld(folders);
        if (all) {
            forgetDigests();
        }
        return remove(grave);
    }

    private void collect(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            files.forEach(file ->
                    things.computeIfAbsent(id(file), _ -> new ArrayList<>()).add(file));
        }
    }

    private void mark(Sweeper sweeper, boolean all) throws IOException {
        keepNamedIn(Files.readAllBytes(LayoutFiles.index(folders)));
        for (Path lease : sweeper.leases()) {
            keepNamedIn(readIfPresent(lease));
        }
        if (!all) {
            things.values().stream()
                    .flatMap(List::stream)
                    .filter(thing -> thing.startsWith(folders.records()))
                    .forEach(record -> keep(id(record)));
        }
        while (!unread.isEmpty()) {
            for (Path thing : things.getOrDefault(unread.pop(), List.of())) {
                if (mayName(thing)) {
                    keepNamedIn(readIfPresent(thing));
                }
            }
        }
    }

    /** Records, and blobs that are JSON documents and not layers. */
    private boolean mayName(Path thing) throws IOException {
        if (thing.startsWith(folders.records())) {
            return true;
        }
        if (!thing.startsWith(folders.blobs())
                || !Files.isRegularFile(thing)
                || Files.size(thing) > Manifest.MAX_BYTES) {
            return false;
        }
        try (var in = Files.newInputStream(thing)) {
            return in.read() == '{';
        }
    }

    private static byte[] readIfPresent(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // Its owner removed it in this moment: it names nothing.
            return new byte[0];
        }
    }

    /** Ids are runs of lower-case letters, digits and dashes. */
    private void keepNamedIn(byte[] text) {
        int start = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i == text.length || !isOfId(text[i])) {
                if (i > start) {
                    keep(new String(text, start, i - start, java.nio.charset.StandardCharsets.US_ASCII));
                }
                start = i + 1;
            }
        }
    }

    private void keep(String id) {
        if (things.containsKey(id) && kept.add(id)) {
            unread.push(id);
        }
    }

    private static String id(Path thing) {
        return thing.getFileName().toString();
    }

    private static boolean isOfId(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-';
    }

    /** Moves what is not kept out of its place: one rename each, so that the lock is soon free. */
    private void bury(Path grave) throws IOException {
        for (Path kind : new Path[] {folders.trees(), folders.blobs(), folders.records()}) {
            Files.createDirectory(grave.resolve(kind.getFileName()), StoreFolders.PRIVATE_FOLDER);
        }
        things.keySet().removeAll(kept);
        for (List<Path> sameId : things.values()) {
            for (Path thing : sameId) {
                Path kind = folders.root().relativize(thing).getName(0);
                bury(thing, grave.resolve(kind).resolve(id(thing)));
            }
        }
    }

    private static void bury(Path thing, Path grave) throws IOException {
        try {
            Files.move(thing, grave, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another pruner was faster.
            return;
        }
    }

    /** The indexes of contexts are read whole: whoever has one open is done with its file. */
    private void forgetDigests() throws IOException {
        try (var indexes = Files.newDirectoryStream(folders.digests())) {
            for (Path index : indexes) {
                Files.deleteIfExists(index);
            }
        }
    }

    private Freed remove(Path grave) throws IOException {
        int blobs = count(grave.resolve("blobs"));
        int trees = count(grave.resolve("trees"));
        int records = count(grave.resolve("records"));
        long bytes = new TreeRemover(folders.linux()).remove(grave);
        return new Freed(blobs, trees, records, bytes);
    }

    private static int count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return Math.toIntExact(files.count());
        }
    }
}
