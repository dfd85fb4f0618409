package dev.jbuild.layer.store;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.store.Holdings.Kind;
import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recomputes what the files of a store claim to be. What is damaged leaves its place, so that nobody uses it any more: a blob
 * for the quarantine, since it may be all that is left of something; a record or a tree for good, since a build makes it again.
 */
final class StoreCheck {
    private static final Set<String> OWN_NAMES = Set.of(
            "oci-layout",
            "index.json",
            "blobs",
            "trees",
            "records",
            "digests",
            "caches",
            // What the runtimes of steps keep: theirs to look after.
            "run",
            "locks",
            "sessions",
            "quarantine");

    private static final String REMOVED = "removed";
    private static final String MADE_AGAIN = "removed, a build makes it again";
    private static final String ITS_OWNERS = "its owner or root must remove it";

    private static final int SHA512_DIGITS = 128;

    private static final Set<String> ALGORITHMS = Set.of("sha256", "sha512");

    private final StoreFolders folders;
    private final Session session;
    private final List<String> problems = new ArrayList<>();
    private long hashed;

    StoreCheck(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    StoreReport run() throws IOException {
        findStrangers();
        Holdings holdings = Holdings.of(folders);
        List<Thing> blobs = holdings.all(Kind.BLOB);
        List<Thing> trees = holdings.all(Kind.TREE);
        List<Thing> records = holdings.all(Kind.RECORD);
        for (Thing blob : blobs) {
            checkBlob(blob);
        }
        for (Thing tree : trees) {
            checkTree(tree);
        }
        for (Thing record : records) {
            checkRecord(record);
        }
        checkDigests();
        Linux linux = folders.linux();
        checkKinds(folders.caches(), MADE_AGAIN, cache -> CacheDirectories.isThere(linux, cache));
        checkKinds(folders.locks(), REMOVED, lock -> StoreFile.open(linux, lock).ifPresent(Fd::close));
        checkKinds(
                folders.sessions(),
                REMOVED,
                session -> SessionFolder.open(linux, session).ifPresent(SessionFolder::close));
        new ImageNames(folders, session).mend().ifPresent(problems::add);
        return new StoreReport(blobs.size(), hashed, trees.size(), records.size(), problems);
    }

    /** Nothing but jbuild writes here, so what else is found was planted or is another program's mistake. It is left alone. */
    private void findStrangers() throws IOException {
        findStrangers(folders.root(), OWN_NAMES);
        findStrangers(folders.blobs(), ALGORITHMS);
    }

    private void findStrangers(Path folder, Set<String> known) throws IOException {
        for (Path file : FolderListing.of(folder)) {
            if (!known.contains(file.getFileName().toString())) {
                problems.add(shown(file) + " is no part of a store");
            }
        }
    }

    private void checkBlob(Thing blob) throws IOException {
        String algorithm = StoreFolders.parent(blob.path()).getFileName().toString();
        try {
            Digest digest = new Digest(algorithm, blob.id());
            Optional<Fd> file = StoreFile.open(folders.linux(), blob.path());
            if (file.isPresent()) {
                requireContent(blob, digest, file.get());
            }
        } catch (IllegalArgumentException e) {
            quarantine(blob, shown(blob.path()) + " is named like no blob");
        } catch (StoreException e) {
            quarantine(blob, "blob " + algorithm + ":" + blob.id() + " is not to be trusted: " + e.getMessage());
        }
    }

    private void requireContent(Thing blob, Digest digest, Fd file) throws IOException {
        MessageDigest hash = digest.newHash();
        try (InputStream in = new DigestInputStream(new FdInputStream(folders.linux(), file), hash)) {
            hashed += in.transferTo(OutputStream.nullOutputStream());
        }
        byte[] actual = hash.digest();
        if (!digest.matches(actual)) {
            String found = HexFormat.of().formatHex(actual);
            quarantine(blob, "blob " + digest + " is damaged: its content hashes to " + found);
        }
    }

    private void checkTree(Thing tree) throws IOException {
        try {
            TreeStore.requireId(tree.id());
            TreeReading.readAll(folders.linux(), tree.path());
        } catch (NoSuchFileException e) {
            // Pruned since the store was looked at.
            return;
        } catch (IllegalArgumentException | IOException e) {
            remove(tree.path(), "tree " + shown(tree.path().getFileName()) + " is damaged: " + e.getMessage());
        }
    }

    private void checkRecord(Thing record) throws IOException {
        try {
            Digest key = new Digest(record.id().length() == SHA512_DIGITS ? "sha512" : "sha256", record.id());
            Optional<byte[]> file = StoreFile.read(folders.linux(), record.path(), RecordStore.MAX_BYTES);
            if (file.isPresent() && RecordStore.content(key, file.get()).isEmpty()) {
                remove(record.path(), "record " + key.hex() + " is damaged");
            }
        } catch (IllegalArgumentException e) {
            remove(record.path(), shown(record.path()) + " is named like no record");
        } catch (StoreException e) {
            remove(record.path(), String.valueOf(e.getMessage()));
        }
    }

    private void checkDigests() throws IOException {
        for (Path index : FolderListing.of(folders.digests())) {
            checkDigests(index);
        }
    }

    private void checkDigests(Path index) throws IOException {
        try {
            Optional<byte[]> file = StoreFile.read(folders.linux(), index, FileDigestCodec.MAX_BYTES);
            if (file.isPresent() && !FileDigestCodec.isWhole(file.get())) {
                remove(index, "the index of file digests " + shown(index) + " is damaged");
            }
        } catch (StoreException e) {
            remove(index, String.valueOf(e.getMessage()));
        }
    }

    /** A look at a thing that nobody uses when it is not what it must be. */
    @FunctionalInterface
    private interface Look {
        void at(Path thing) throws IOException;
    }

    private void checkKinds(Path folder, String outcome, Look look) throws IOException {
        for (Path thing : FolderListing.of(folder)) {
            try {
                look.at(thing);
            } catch (StoreException e) {
                takeAway(thing, String.valueOf(e.getMessage()), outcome);
            }
        }
    }

    private void quarantine(Thing blob, String problem) throws IOException {
        Path place = folders.quarantine().resolve(blob.id());
        folders.make(folders.quarantine());
        if (isMoved(blob.path(), place)) {
            problems.add(problem + "; moved to " + folders.root().relativize(place));
        }
    }

    private void remove(Path thing, String problem) throws IOException {
        takeAway(thing, problem, MADE_AGAIN);
    }

    private void takeAway(Path thing, String problem, String outcome) throws IOException {
        Path grave = session.temporary();
        try {
            if (isMoved(thing, grave)) {
                problems.add(problem + "; " + (isRemoved(grave, thing) ? outcome : ITS_OWNERS));
            }
        } catch (AccessDeniedException e) {
            // Another user's directory, which only root can have put here.
            problems.add(problem + "; " + ITS_OWNERS);
        }
    }

    /** What cannot be emptied goes back: it would stand in the way of this session's end. */
    private boolean isRemoved(Path grave, Path place) throws IOException {
        try {
            new FolderRemover(folders.linux()).remove(grave);
            return true;
        } catch (LinuxException e) {
            if (e.errno() != Errno.EACCES && e.errno() != Errno.EPERM) {
                throw e;
            }
            isMoved(grave, place);
            return false;
        }
    }

    /** False when somebody else was faster. */
    private static boolean isMoved(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A name of ours is ASCII; another's may hold what steers a terminal. */
    private String shown(Path path) {
        Path below = path.isAbsolute() ? folders.root().relativize(path) : path;
        return Bytes.of(below.toString()).toString();
    }
}
