package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tree made up from a seed, and trees that came from it by changes: entries of every type, few names, so that they clash. */
final class RandomTree {
    private static final List<Bytes> NAMES = List.of(
            Bytes.of("a"),
            Bytes.of("b"),
            Bytes.of("a-b"),
            Bytes.of("with space"),
            Bytes.of(".wh"),
            Bytes.of("größe"),
            Bytes.of("\u001b[2J\n"),
            Bytes.of("n".repeat(255)),
            Bytes.of(new byte[] {'x', (byte) 0xff}));

    /** Two on either side of the end of tar's octal numbers, 2^21. */
    private static final List<Long> OWNERS = List.of(0L, 1000L, 70_000L, 2_097_151L, 2_097_152L, LayerEntry.MAX_ID);

    /** Of 65536 subordinate ids and the user's own. */
    private static final List<Long> MAPPED_OWNERS = List.of(0L, 1L, 1000L, 65_534L, 65_536L);

    /** Before 1970, now, and about and after 2242, which is where tar's octal times end. */
    private static final List<Long> TIMES = List.of(
            -1_000_000_000L, -1L, 0L, 1_500_000_000L, 1_500_000_001L, 8_589_934_591L, 8_589_934_592L, 8_700_000_000L);

    private static final List<Integer> FRACTIONS = List.of(0, 0, 1, 123_456_789, 500_000_000, 999_999_999);

    /** /dev/null, and one that no machine has, with the greatest numbers that the kernel takes (12 and 20 bits). */
    private static final List<int[]> DEVICES = List.of(new int[] {1, 3}, new int[] {4095, 1_048_575});

    /** A file capability (VFS_CAP_REVISION_2: cap_net_raw, permitted and effective) as the kernel keeps it. */
    private static final Bytes CAPABILITY =
            Bytes.of(new byte[] {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

    /** None is empty: Go's tar reader takes an empty one for none, so Docker and umoci lose it. */
    private static final List<Bytes> ATTRIBUTE_VALUES =
            List.of(Bytes.of("1"), Bytes.of("2"), Bytes.of(new byte[] {0, '\n', '=', (byte) 0xff}));

    private static final List<Bytes> LINK_TARGETS = List.of(
            Bytes.of("/a"), Bytes.of("../b"), Bytes.of("no"), Bytes.of("."), Bytes.of("a-b"), Bytes.of("../../.."));
    private static final int HOLE_START = 128 << 10;
    private static final int HOLE_END = 256 << 10;

    /** The longest have a block of zeros within and at their end. */
    private static final List<Long> SIZES = List.of(0L, 5000L, 10_000L, 300_000L, (long) HOLE_END);

    private static final boolean IS_ROOT = Linux.system().effectiveUid() == 0;

    /** Who is not root cannot come back to what his modes bar. */
    private static final List<Integer> DIRECTORY_MODES =
            IS_ROOT ? List.of(0755, 01777, 02750, 0700, 0) : List.of(0755, 01777, 02750, 0700);

    private static final List<Integer> FILE_MODES = IS_ROOT
            ? List.of(0644, 0755, 04711, 02711, 06777, 0600, 0)
            : List.of(0644, 0755, 04711, 02711, 06777, 0600);

    /**
     * Who is to hold the tree.
     *
     * @param kinds how many of the kinds of entries he can make
     */
    private record Holder(List<Long> owners, int kinds) {
        static final Holder THIS_USER = new Holder(OWNERS, IS_ROOT ? 10 : 8);

        /** Root in a user namespace makes no devices. */
        static final Holder ANY_ROOT = new Holder(MAPPED_OWNERS, 8);
    }

    private final Random random;
    private final Holder holder;
    private final SortedMap<EntryPath, LayerEntry> entries = new TreeMap<>();

    private RandomTree(long seed, Holder holder) {
        this.random = new Random(seed);
        this.holder = holder;
    }

    static RandomTree of(long seed) {
        return of(seed, Holder.THIS_USER);
    }

    /** One that an ordinary user holds in a user namespace, too; to be made by root. */
    static RandomTree ofAnyRoot(long seed) {
        return of(seed, Holder.ANY_ROOT);
    }

    private static RandomTree of(long seed, Holder holder) {
        RandomTree tree = new RandomTree(seed, holder);
        tree.maybeDescribeRoot();
        tree.grow(60);
        return tree;
    }

    /** A tree without entries; {@link #changed} has some. */
    static RandomTree empty() {
        return new RandomTree(0, Holder.THIS_USER);
    }

    /** This tree with about a third of its entries gone, changed or new. */
    RandomTree changed(long seed) {
        RandomTree changed = new RandomTree(seed, holder);
        changed.maybeDescribeRoot();
        for (LayerEntry entry : entries.values()) {
            if (entry.path().isRoot()) {
                continue;
            }
            boolean hasParent = changed.isDirectory(entry.path().parent());
            int fate = changed.random.nextInt(10);
            if (hasParent && fate > 1) {
                changed.entries.put(entry.path(), fate > 2 ? entry : changed.anyEntry(entry.path()));
            }
        }
        changed.repairLinks();
        changed.grow(12);
        return changed;
    }

    RecordedLayer layer() {
        RecordedLayer layer = new RecordedLayer();
        entries.values().stream()
                .filter(entry -> entry.type() != LayerEntry.Type.HARDLINK)
                .forEach(entry -> layer.add(entry, content(entry)));
        // Hard links last: their targets may sort after them.
        entries.values().stream()
                .filter(entry -> entry.type() == LayerEntry.Type.HARDLINK)
                .forEach(layer::add);
        return layer;
    }

    /** All but the root's. */
    List<EntryPath> paths() {
        return entries.keySet().stream().filter(path -> !path.isRoot()).toList();
    }

    private void maybeDescribeRoot() {
        if (random.nextInt(3) == 0) {
            LayerEntry root = decorated(LayerEntry.directory(EntryPath.ROOT, any(List.of(0755, 0750, 01777))));
            boolean isEveryRoot = root.mode() == 0755
                    && root.uid() == 0
                    && root.gid() == 0
                    && root.xattrs().isEmpty();
            // Its time alone says nothing, so that a layer has no entry for it.
            entries.put(EntryPath.ROOT, isEveryRoot ? root.withMtime(new Timestamp(0, 0)) : root);
        }
    }

    private void grow(int count) {
        for (int i = 0; i < count; i++) {
            List<EntryPath> directories = new ArrayList<>(List.of(EntryPath.ROOT));
            entries.values().stream()
                    .filter(entry -> entry.type() == LayerEntry.Type.DIRECTORY
                            && !entry.path().isRoot())
                    .forEach(entry -> directories.add(entry.path()));
            EntryPath path = any(directories).resolve(any(NAMES));
            if (!entries.containsKey(path)) {
                entries.put(path, anyEntry(path));
            }
        }
    }

    private LayerEntry anyEntry(EntryPath path) {
        LayerEntry plain = switch (random.nextInt(holder.kinds())) {
            case 0, 1, 2 -> LayerEntry.directory(path, any(DIRECTORY_MODES));
            case 3 -> LayerEntry.symlink(path, any(LINK_TARGETS));
            case 4 -> LayerEntry.of(path, LayerEntry.Type.FIFO, 0640);
            case 8 -> LayerEntry.device(path, LayerEntry.Type.BLOCK_DEVICE, 0600, 7, 1 + random.nextInt(2));
            case 9 -> anyCharDevice(path);
            case 5 ->
                anyTarget().map(target -> LayerEntry.hardLink(path, target)).orElse(anyFile(path));
            default -> anyFile(path);
        };
        return decorated(plain);
    }

    private LayerEntry decorated(LayerEntry entry) {
        LayerEntry timed = entry.withMtime(new Timestamp(any(TIMES), any(FRACTIONS)));
        LayerEntry owned = IS_ROOT
                ? timed.withOwner(any(holder.owners()), any(holder.owners()))
                : timed.withOwner(Linux.system().effectiveUid(), Linux.system().effectiveGid());
        if (IS_ROOT && entry.type() == LayerEntry.Type.FILE && random.nextInt(8) == 0) {
            return owned.withXattrs(new TreeMap<>(Map.of("security.capability", CAPABILITY)));
        }
        boolean mayHaveAttributes = entry.type() == LayerEntry.Type.FILE || entry.type() == LayerEntry.Type.DIRECTORY;
        return mayHaveAttributes && random.nextInt(5) == 0
                ? owned.withXattrs(new TreeMap<>(Map.of(
                        "user.mark",
                        any(ATTRIBUTE_VALUES),
                        "user.gr\u00f6\u00dfe " + random.nextInt(2),
                        Bytes.of("x"))))
                : owned;
    }

    private LayerEntry anyFile(EntryPath path) {
        return LayerEntry.file(path, any(FILE_MODES), any(SIZES));
    }

    private LayerEntry anyCharDevice(EntryPath path) {
        int[] device = any(DEVICES);
        return LayerEntry.device(path, LayerEntry.Type.CHAR_DEVICE, 0666, device[0], device[1]);
    }

    /** Of a hard link: symbolic links, FIFOs and devices may have several names, too. */
    private Optional<EntryPath> anyTarget() {
        List<EntryPath> targets =
                entries.keySet().stream().filter(this::mayBeLinked).toList();
        return targets.isEmpty() ? Optional.empty() : Optional.of(any(targets));
    }

    /** Hard links whose target is gone, or is no such thing any more, become files. */
    private void repairLinks() {
        entries.replaceAll(
                (path, entry) -> entry.type() == LayerEntry.Type.HARDLINK && !mayBeLinked(entry.hardLinkTarget())
                        ? decorated(anyFile(path))
                        : entry);
    }

    private boolean mayBeLinked(EntryPath path) {
        LayerEntry entry = entries.get(path);
        return entry != null && entry.type() != LayerEntry.Type.DIRECTORY && entry.type() != LayerEntry.Type.HARDLINK;
    }

    private boolean isDirectory(EntryPath path) {
        LayerEntry entry = entries.get(path);
        return path.isRoot() || (entry != null && entry.type() == LayerEntry.Type.DIRECTORY);
    }

    /** Depends on what tells files apart, and on a seed of its own, so that equal metadata may hide a changed content. */
    private byte[] content(LayerEntry entry) {
        byte[] content = new byte[(int) entry.size()];
        byte[] pattern = (entry.path() + "/" + entry.mode()).getBytes(UTF_8);
        for (int i = 0; i < content.length; i++) {
            content[i] = i < HOLE_START || i >= HOLE_END ? pattern[i % pattern.length] : 0;
        }
        return content;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
