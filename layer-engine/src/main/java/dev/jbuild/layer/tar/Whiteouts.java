package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import java.util.List;

/** The names by which a tar layer says that something is gone (OCI image-spec "Whiteouts"). */
final class Whiteouts {
    static final Bytes PREFIX = Bytes.of(".wh.");
    static final Bytes OPAQUE = Bytes.of(".wh..wh..opq");

    // What AUFS kept for itself at the root of its branches; Docker passes over it too.
    private static final EntryPath AUFS = EntryPath.of(".wh..wh.aufs");
    private static final EntryPath ORPHANS = EntryPath.of(".wh..wh.orph");
    private static final EntryPath PSEUDO_LINKS = EntryPath.of(".wh..wh.plnk");

    private Whiteouts() {}

    static boolean isAufsMetadata(EntryPath path) {
        return path.startsWith(AUFS) || path.startsWith(ORPHANS) || path.startsWith(PSEUDO_LINKS);
    }

    static boolean isMarker(EntryPath path) {
        return path.name().startsWith(PREFIX);
    }

    static boolean isOpaque(EntryPath path) {
        return path.name().equals(OPAQUE);
    }

    /** The entry that a marker removes. {@code .wh...} would be the parent of its own directory: refused. */
    static EntryPath removed(EntryPath marker) throws TarSyntaxException {
        byte[] name = marker.name().toArray();
        Bytes removed = Bytes.of(name, PREFIX.length(), name.length);
        if (removed.isEmpty() || removed.startsWith(PREFIX)) {
            throw new TarSyntaxException("a whiteout of nothing, or of a whiteout");
        }
        try {
            return marker.parent().resolve(removed);
        } catch (IllegalArgumentException e) {
            throw new TarSyntaxException("a whiteout of \"" + removed + "\"", e);
        }
    }

    static EntryPath marker(EntryPath removed) {
        byte[] name = removed.name().toArray();
        byte[] marker = new byte[PREFIX.length() + name.length];
        System.arraycopy(PREFIX.toArray(), 0, marker, 0, PREFIX.length());
        System.arraycopy(name, 0, marker, PREFIX.length(), name.length);
        return removed.parent().resolve(Bytes.of(marker));
    }

    /** Below a name that removes, nothing can be. */
    static boolean isBelowMarker(EntryPath path) {
        List<Bytes> names = path.components();
        for (Bytes name : names.subList(0, Math.max(0, names.size() - 1))) {
            if (name.startsWith(PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
