package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Layer directories in overlayfs's form seen as the one tree that overlayfs would show, without mounting anything.
 *
 * <p>The rules are the kernel's (Documentation/filesystems/overlayfs.rst, with {@code userxattr}, {@code redirect_dir} and
 * {@code metacopy} off): the topmost entry of a name counts; directories of one name merge down to the first that is opaque;
 * a whiteout or a file ends the search. The layers must not change while this is open.
 */
public final class StackedTree extends ResolvingTree {
    private static final int MAX_REMEMBERED = 4096;
    private static final long MAX_PATH_BYTES = 4 << 20;

    private final List<ConfinedDirectory> layers;
    private final Remembered merged = new Remembered();

    /** Which layers make up a directory, for the directories last looked at. Paths may be long, and are counted. */
    private static final class Remembered {
        private final Map<EntryPath, List<ConfinedDirectory>> holders = new LinkedHashMap<>(16, 0.75f, true);
        private long pathBytes;

        @Nullable
        List<ConfinedDirectory> get(EntryPath directory) {
            return holders.get(directory);
        }

        void put(EntryPath directory, List<ConfinedDirectory> layers) {
            if (holders.put(directory, layers) == null) {
                pathBytes += directory.length();
            }
            Iterator<EntryPath> eldest = holders.keySet().iterator();
            while (holders.size() > MAX_REMEMBERED || (pathBytes > MAX_PATH_BYTES && holders.size() > 1)) {
                pathBytes -= eldest.next().length();
                eldest.remove();
            }
        }
    }

    private StackedTree(List<ConfinedDirectory> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Opens a stack, topmost layer first; there must be at least one. */
    public static StackedTree open(Linux linux, List<Path> layers) throws IOException {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a stack of no layers");
        }
        List<ConfinedDirectory> opened = new ArrayList<>(layers.size());
        try {
            for (Path layer : layers) {
                opened.add(new ConfinedDirectory(linux, layer));
            }
        } catch (IOException | RuntimeException e) {
            opened.forEach(ConfinedDirectory::close);
            throw e;
        }
        return new StackedTree(opened);
    }

    /** The stack of one layer, which stays the caller's to close. */
    static StackedTree of(ConfinedDirectory layer) {
        return new StackedTree(List.of(layer));
    }

    @Override
    public Optional<FileStatus> lookup(EntryPath linkFree) throws IOException {
        Optional<Found> found = find(linkFree);
        return found.map(Found::status);
    }

    @Override
    public Bytes linkTarget(EntryPath linkFree) throws IOException {
        return require(linkFree).layer().linkTarget(linkFree);
    }

    @Override
    List<Child> children(EntryPath linkFree) throws IOException {
        List<ConfinedDirectory> holders = holders(linkFree);
        if (holders.isEmpty()) {
            throw new NotDirectoryException(linkFree.toString());
        }
        SortedMap<Bytes, FileStat> topmost = new TreeMap<>();
        for (ConfinedDirectory layer : holders) {
            for (Bytes name : layer.names(linkFree)) {
                if (!topmost.containsKey(name)) {
                    layer.lookup(linkFree.resolve(name)).ifPresent(stat -> topmost.put(name, stat));
                }
            }
        }
        List<Child> children = new ArrayList<>(topmost.size());
        topmost.forEach((name, stat) -> {
            if (!stat.isWhiteout()) {
                children.add(new Child(name, FileStatus.of(stat)));
            }
        });
        return children;
    }

    @Override
    Optional<InputStream> content(EntryPath linkFree) throws IOException {
        Optional<Found> found = find(linkFree);
        return found.isPresent()
                ? Optional.of(found.get()
                        .layer()
                        .content(linkFree, found.get().status().kind()))
                : Optional.empty();
    }

    @Override
    Optional<SortedMap<String, Bytes>> attributes(EntryPath linkFree) throws IOException {
        Optional<Found> found = find(linkFree);
        return found.isPresent() ? Optional.of(found.get().layer().attributes(linkFree)) : Optional.empty();
    }

    @Override
    public void close() {
        layers.forEach(ConfinedDirectory::close);
    }

    private record Found(ConfinedDirectory layer, FileStatus status) {}

    private Found require(EntryPath path) throws IOException {
        return find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    private Optional<Found> find(EntryPath path) throws IOException {
        List<ConfinedDirectory> holders = path.isRoot() ? layers : holders(path.parent());
        for (ConfinedDirectory layer : holders) {
            Optional<FileStat> stat = layer.lookup(path);
            if (stat.isPresent()) {
                return stat.filter(s -> !s.isWhiteout()).map(s -> new Found(layer, FileStatus.of(s)));
            }
        }
        return Optional.empty();
    }

    /** The layers whose directories merge into this one, topmost first; none when it is not a directory. */
    private synchronized List<ConfinedDirectory> holders(EntryPath directory) throws IOException {
        EntryPath known = directory;
        List<ConfinedDirectory> holders = remembered(known);
        while (holders == null) {
            known = known.parent();
            holders = remembered(known);
        }
        for (Bytes name : directory.relativeTo(known).components()) {
            known = known.resolve(name);
            holders = narrow(holders, known);
            merged.put(known, holders);
        }
        return holders;
    }

    private @Nullable List<ConfinedDirectory> remembered(EntryPath directory) {
        return directory.isRoot() ? layers : merged.get(directory);
    }

    private static List<ConfinedDirectory> narrow(List<ConfinedDirectory> candidates, EntryPath directory)
            throws IOException {
        List<ConfinedDirectory> holders = new ArrayList<>();
        for (ConfinedDirectory layer : candidates) {
            Optional<FileStat> stat = layer.lookup(directory);
            if (stat.isEmpty()) {
                continue;
            }
            if (stat.get().kind() != FileKind.DIRECTORY) {
                break;
            }
            holders.add(layer);
            if (layer.isOpaque(directory)) {
                break;
            }
        }
        return List.copyOf(holders);
    }
}
