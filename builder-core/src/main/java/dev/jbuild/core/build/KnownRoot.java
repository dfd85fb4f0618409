package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A filesystem of which only the layers made in this build are known: the base stays unread (see ADR 0003). It learns by
 * being put the entries of those layers, lowest first.
 */
final class KnownRoot implements TargetRoot, LayerSink {
    /**
     * Directories that bases have as links (merged {@code /usr}, {@code /var/run}) or with modes of their own
     * ({@code /tmp}, {@code /root}). A layer must name its parent directories, for Docker unpacks each layer by itself and
     * would make a missing parent anew; so what these are must be known.
     */
    private static final Set<String> PECULIAR = Set.of(
            "bin",
            "dev",
            "lib",
            "lib32",
            "lib64",
            "libx32",
            "proc",
            "root",
            "run",
            "sbin",
            "sys",
            "tmp",
            "usr/lib32",
            "usr/lib64",
            "usr/libx32",
            "usr/local/man",
            "usr/sbin",
            "usr/tmp",
            "var/local",
            "var/lock",
            "var/log",
            "var/mail",
            "var/run",
            "var/spool/mail",
            "var/tmp");

    /**
     * Directories of the Filesystem Hierarchy Standard that are 0755 and root's in every distribution known: naming them
     * again as such is harmless, as anything else is not.
     */
    private static final Set<String> STANDARD = Set.of(
            "boot",
            "etc",
            "home",
            "media",
            "mnt",
            "opt",
            "srv",
            "usr",
            "usr/bin",
            "usr/include",
            "usr/lib",
            "usr/libexec",
            "usr/local",
            "usr/local/bin",
            "usr/local/etc",
            "usr/local/include",
            "usr/local/lib",
            "usr/local/libexec",
            "usr/local/sbin",
            "usr/local/share",
            "usr/local/src",
            "usr/share",
            "usr/src",
            "var",
            "var/cache",
            "var/lib",
            "var/opt",
            "var/spool");

    private final TreeMap<EntryPath, LayerEntry> entries = new TreeMap<>();
    private final boolean emptyBase;
    private final Set<EntryPath> peculiar;

    /**
     * @param emptyBase whether nothing lies below the known layers ({@code FROM scratch})
     * @param peculiar more directories of which only the base knows what they are
     */
    KnownRoot(boolean emptyBase, Set<EntryPath> peculiar) {
        this.emptyBase = emptyBase;
        this.peculiar = Set.copyOf(peculiar);
    }

    @Override
    public void put(LayerEntry entry, InputStream content) {
        if (entry.type() == LayerEntry.Type.WHITEOUT) {
            entries.tailMap(entry.path(), true).keySet().removeIf(path -> path.startsWith(entry.path()));
        } else if (entry.type() != LayerEntry.Type.OPAQUE) {
            entries.put(entry.path(), entry);
        }
    }

    @Override
    public Optional<LayerEntry> find(EntryPath path) throws BaseNeededException {
        if (path.isRoot()) {
            return Optional.of(LayerEntry.directory(EntryPath.ROOT, 0755));
        }
        LayerEntry known = entries.get(path);
        if (known == null && !emptyBase && isPeculiar(path)) {
            throw new BaseNeededException(path);
        }
        return Optional.ofNullable(known);
    }

    private boolean isPeculiar(EntryPath path) {
        return peculiar.contains(path) || PECULIAR.contains(path.text());
    }

    @Override
    public void beforeMaking(LayerEntry directory) throws BaseNeededException {
        boolean isPlain = directory.mode() == 0755 && directory.uid() == 0 && directory.gid() == 0;
        boolean isStandard = STANDARD.contains(directory.path().text());
        if (!emptyBase && (isStandard ? !isPlain : isBelowStandard(directory.path()))) {
            throw new BaseNeededException(directory.path());
        }
    }

    /** {@code /home/node}, {@code /var/www/html}, {@code /etc/nginx}: bases have many of these, some with owners of their own. */
    private static boolean isBelowStandard(EntryPath directory) {
        for (EntryPath parent = directory.parent(); !parent.isRoot(); parent = parent.parent()) {
            if (STANDARD.contains(parent.text())) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@code COPY run.sh /usr/local/bin} without a slash must not put a file over a directory. A destination of the same name
     * or ending ({@code /app/run.sh}, {@code /app/start.sh}) is meant for a file.
     */
    @Override
    public void beforeNaming(EntryPath destination, Bytes source) throws BaseNeededException {
        boolean isFile = destination.name().equals(source)
                || haveSameEnding(destination.name().text(), source.text());
        if (!emptyBase && (!isFile || STANDARD.contains(destination.text()))) {
            throw new BaseNeededException(destination);
        }
    }

    private static boolean haveSameEnding(String destination, String source) {
        int dot = source.lastIndexOf('.');
        return dot >= 0 && dot < source.length() - 1 && destination.endsWith(source.substring(dot));
    }
}
