package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.linux.RenameFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Unpacked layers, as the read-only directories that overlayfs stacks.
 *
 * <p>Writing thousands of small files through to the disk would cost more than unpacking them. So a tree is not synced when
 * it is published but says in which boot of the machine that was: after a reboot it counts only if {@link #sync} has
 * come by since. A killed process harms nothing, because the kernel still holds what it wrote.
 */
public final class TreeStore {
    private static final String BOOT = "boot";
    private static final String SYNCED = "synced";
    private static final String FILES = "fs";
    private static final int LONGEST_ID = 200;

    /** A boot id is a UUID (random(4)). */
    private static final int MOST_BOOT_BYTES = 36;

    /** Ends the folder's name of a tree or a cache whose owners are recorded beside its files; no id has a dot. */
    static final String RECORDED_OWNERS = ".owners";

    private final StoreFolders folders;
    private final Session session;
    private final String bootId;
    private final Map<String, Path> known = new ConcurrentHashMap<>();

    /** @param bootId the kernel's name of its present run */
    TreeStore(StoreFolders folders, Session session, String bootId) {
        this.folders = folders;
        this.session = session;
        this.bootId = bootId;
    }

    /** A new empty tree to fill, which nobody else can see. */
    public PreparedTree prepare() throws IOException {
        return PreparedTree.make(session.temporary(), folders.linux());
    }

    /**
     * Makes a filled tree the one of that id. If another was first, that one stays and this is removed: equal ids mean
     * equal content.
     *
     * @param id lower-case letters, digits and dashes
     * @return the tree's root
     */
    public Path publish(String id, PreparedTree tree) throws IOException {
        requireId(id);
        session.note(id);
        byte[] boot = bootId.getBytes(StandardCharsets.US_ASCII);
        AtomicFile.writeNew(tree.folder().resolve(BOOT), boot, false);
        tree.removeWork();
        if (!moveIntoPlace(id, tree)) {
            // The other may be a remnant of another boot; then it goes and this one takes its place.
            if (find(id).isEmpty()) {
                moveIntoPlace(id, tree);
            }
        }
        tree.close();
        return find(id).orElseThrow(() -> new StoreException("tree " + id + " vanished as it was published"));
    }

    /** An id that no tree has: this one while it is free, else a longer one that nobody else is given. */
    public String freeId(String id) throws IOException {
        String free = id;
        while (find(free).isPresent()) {
            free = id + "-" + session.uniqueName();
        }
        return free;
    }

    /** The root of the tree of that id, if it is there and whole. */
    public Optional<Path> find(String id) throws IOException {
        requireId(id);
        Path before = known.get(id);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Path> root = look(id);
        if (root.isPresent()) {
            session.markUsed(folder(id));
            known.put(id, root.get());
        }
        return root;
    }

    /**
     * As {@link #find}, for who only looks whether it is sound: that is no use, which would keep it longer.
     *
     * @throws StoreException when what is there is no tree of this user's
     */
    public Optional<Path> look(String id) throws IOException {
        requireId(id);
        session.note(id);
        Path folder = folder(id);
        Optional<Fd> found = StoreFolder.open(folders.linux(), folder);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (Fd tree = found.get()) {
            if (StoreFolder.holdsRoot(folders.linux(), tree, FILES) && isWhole(tree)) {
                return Optional.of(folder.resolve(FILES));
            }
        }
        discard(folder);
        return Optional.empty();
    }

    /**
     * For a check, which looks at trees of other boots, too.
     *
     * @throws NoSuchFileException when the tree is not there
     * @throws StoreException when a part of it is not what it must be, or another user's
     */
    static void requireSound(Linux linux, Path folder) throws IOException {
        Optional<Fd> found = StoreFolder.open(linux, folder);
        if (found.isEmpty()) {
            throw new NoSuchFileException(folder.toString());
        }
        try (Fd tree = found.get()) {
            if (!StoreFolder.holdsRoot(linux, tree, FILES)) {
                throw new StoreException("the store's " + folder + " lacks its files");
            }
            StoreFile.isThere(linux, tree, SYNCED);
            StoreFile.readAt(linux, tree, BOOT, MOST_BOOT_BYTES);
        }
    }

    /** Takes a tree away that is not what it should be. */
    public void discard(String id) throws IOException {
        requireId(id);
        known.remove(id);
        discard(folder(id));
    }

    /**
     * Makes all present trees survive a crash of the machine. Costs nothing when there are no new ones, and else what the
     * disk needs for everything that is still unwritten: best done when no build waits.
     */
    public void sync() throws IOException {
        List<Path> unsynced = new ArrayList<>();
        for (Path folder : FolderListing.of(folders.trees())) {
            if (isUnsynced(folder)) {
                unsynced.add(folder);
            }
        }
        if (unsynced.isEmpty()) {
            return;
        }
        try (Fd root = folders.linux().open(folders.root(), OpenFlag.READ, OpenFlag.DIRECTORY)) {
            folders.linux().syncFileSystem(root);
        }
        for (Path folder : unsynced) {
            markSynced(folder);
        }
    }

    private boolean isUnsynced(Path folder) throws IOException {
        try {
            Optional<Fd> found = StoreFolder.open(folders.linux(), folder);
            if (found.isEmpty()) {
                return false;
            }
            try (Fd tree = found.get()) {
                return !StoreFile.isThere(folders.linux(), tree, SYNCED) && isOfThisBoot(tree);
            }
        } catch (StoreException e) {
            // No tree of the user's: StoreCheck tells of it.
            return false;
        }
    }

    private void markSynced(Path folder) throws IOException {
        Optional<Fd> found = StoreFolder.open(folders.linux(), folder);
        if (found.isPresent()) {
            try (Fd tree = found.get()) {
                folders.linux()
                        .openAt(
                                tree,
                                StoreFolders.name(SYNCED),
                                0600,
                                OpenFlag.WRITE,
                                OpenFlag.CREATE,
                                OpenFlag.NO_FOLLOW)
                        .close();
            }
        }
    }

    private boolean isWhole(Fd tree) throws IOException {
        return StoreFile.isThere(folders.linux(), tree, SYNCED) || isOfThisBoot(tree);
    }

    private boolean isOfThisBoot(Fd tree) throws IOException {
        byte[] own = bootId.getBytes(StandardCharsets.US_ASCII);
        return StoreFile.readAt(folders.linux(), tree, BOOT, MOST_BOOT_BYTES)
                .map(boot -> Arrays.equals(boot, own))
                .orElse(false);
    }

    private void discard(Path folder) throws IOException {
        Path away = session.temporary();
        try {
            Files.move(folder, away, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another process discarded it in this moment.
            return;
        }
        new FolderRemover(folders.linux()).remove(away);
    }

    private boolean moveIntoPlace(String id, PreparedTree tree) throws IOException {
        try (Fd from = StoreFolder.handle(folders.linux(), StoreFolders.parent(tree.folder()));
                Fd to = StoreFolder.handle(folders.linux(), folders.trees())) {
            folders.linux()
                    .renameAt(
                            from,
                            StoreFolders.name(tree.folder()),
                            to,
                            StoreFolders.name(folderName(id)),
                            RenameFlag.NO_REPLACE);
            return true;
        } catch (LinuxException e) {
            if (e.errnoName().equals("EEXIST")) {
                return false;
            }
            throw e;
        }
    }

    private Path folder(String id) {
        return folders.trees().resolve(folderName(id));
    }

    /** Who has one id sees all files as his own, so such trees are none for who has more, nor the other way round. */
    private String folderName(String id) {
        return folders.linux().recordsOwners() ? id + RECORDED_OWNERS : id;
    }

    /** The id of the tree in a folder of that name. */
    static String idOf(String folderName) {
        return folderName.endsWith(RECORDED_OWNERS)
                ? folderName.substring(0, folderName.length() - RECORDED_OWNERS.length())
                : folderName;
    }

    static void requireId(String id) {
        boolean isPlain = id.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
        if (id.isEmpty() || id.length() > LONGEST_ID || !isPlain) {
            throw new IllegalArgumentException("not the id of a tree (a-z, 0-9 and -): \"" + id + "\"");
        }
    }
}
