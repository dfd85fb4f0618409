package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A tar stream as layer entries, in the stream's own order, read so strictly that no other reader can see another list:
 * where tar readers disagree (sizes on links, two names for one entry, global headers, content after the end), the layer
 * is refused. It understands ustar, PAX, GNU long names, both GNU sparse forms that are still written, star and V7.
 *
 * <p>The stream is read to its end, so that a digest taken of it covers all of it.
 */
public final class TarLayerReader implements LayerSource {
    private final TarInput in;
    private final LayerLimits limits;
    private final String what;
    private long entries;
    private long contentBytes;

    /**
     * @param tar uncompressed; not closed
     * @param what names the layer in refusals, as {@code layer sha256:…}
     */
    public TarLayerReader(InputStream tar, LayerLimits limits, String what) {
        this.in = new TarInput(tar);
        this.limits = limits;
        this.what = what;
    }

    /** @throws RefusedLayerException when the stream breaks a rule; what the sink throws passes through */
    @Override
    public void writeTo(LayerSink sink) throws IOException {
        byte[] block = new byte[TarInput.BLOCK];
        Extensions extensions = new Extensions();
        Bytes shown = Bytes.EMPTY;
        try {
            while (in.readBlock(block) && !HeaderBlock.isZero(block)) {
                HeaderBlock header = new HeaderBlock(block);
                if (!extensions.take(header, in, limits)) {
                    shown = rawName(header, extensions);
                    put(header, extensions, sink);
                    extensions = new Extensions();
                    shown = Bytes.EMPTY;
                }
            }
            requireEnd(extensions);
        } catch (TarSyntaxException e) {
            RefusedLayerException refused = new RefusedLayerException(what, shown.toString(), e.rule());
            refused.initCause(e);
            throw refused;
        }
    }

    private void requireEnd(Extensions extensions) throws IOException {
        if (extensions.isPresent()) {
            throw new TarSyntaxException("an extended header without its entry");
        }
        in.requireOnlyZeros();
    }

    private void put(HeaderBlock header, Extensions extensions, LayerSink sink) throws IOException {
        requireCount();
        long stored = storedSize(header, extensions);
        EntryContent content = new EntryContent(in, stored);
        if (isSparse(header, extensions)) {
            putSparse(header, extensions, content, stored, sink);
        } else {
            LayerEntry entry = entry(header, extensions, stored);
            requireBytes(entry.size());
            if (!Whiteouts.isAufsMetadata(entry.path())) {
                sink.put(entry, content);
            }
        }
        content.drain();
        in.skip(TarInput.padding(stored));
    }

    private void putSparse(HeaderBlock header, Extensions extensions, EntryContent content, long stored, LayerSink sink)
            throws IOException {
        boolean isOld = header.type() == 'S';
        SparseMap map = isOld ? SparseMap.ofGnuHeader(header, in) : SparseMap.ofContent(content);
        long size = isOld ? header.sparseNumber(483) : paxSparseSize(extensions.pax());
        map.requireFits(size, stored - map.read());
        requireBytes(size);
        sink.put(entry(header, extensions, size), new SparseContent(content, map, size));
    }

    private LayerEntry entry(HeaderBlock header, Extensions extensions, long size) throws TarSyntaxException {
        Bytes rawName = rawName(header, extensions);
        LayerEntry.Type type = type(header.type(), rawName);
        try {
            EntryPath path = path(rawName);
            if (!Whiteouts.isAufsMetadata(path)) {
                if (Whiteouts.isMarker(path)) {
                    return marker(path, header, extensions, size);
                }
                requireNoMarkerAbove(path);
            }
            return plain(path, type, header, extensions, size);
        } catch (IllegalArgumentException e) {
            throw new TarSyntaxException(Objects.requireNonNullElse(e.getMessage(), "malformed"), e);
        }
    }

    private LayerEntry plain(EntryPath path, LayerEntry.Type type, HeaderBlock header, Extensions extensions, long size)
            throws TarSyntaxException {
        SortedMap<String, Bytes> xattrs = extensions.pax().xattrs(limits);
        return new LayerEntry(
                path,
                type,
                header.mode(),
                id(header.uid(), extensions.pax(), "uid"),
                id(header.gid(), extensions.pax(), "gid"),
                mtime(header, extensions.pax()),
                size,
                linkTarget(type, header, extensions),
                device(type, header.devMajor(), header.devMinor(), header.devMajor()),
                device(type, header.devMajor(), header.devMinor(), header.devMinor()),
                xattrs);
    }

    private LayerEntry marker(EntryPath path, HeaderBlock header, Extensions extensions, long size)
            throws TarSyntaxException {
        if (size != 0) {
            throw new TarSyntaxException("a whiteout with content");
        }
        requireNoMarkerAbove(path);
        LayerEntry entry = Whiteouts.isOpaque(path)
                ? LayerEntry.opaque(path.parent())
                : LayerEntry.whiteout(Whiteouts.removed(path));
        return entry.withMtime(mtime(header, extensions.pax()));
    }

    private static void requireNoMarkerAbove(EntryPath path) throws TarSyntaxException {
        if (Whiteouts.markerAmongParents(path).isPresent()) {
            throw new TarSyntaxException("an entry below a whiteout");
        }
    }

    private static EntryPath path(Bytes name) throws TarSyntaxException {
        if (name.isEmpty()) {
            throw new TarSyntaxException("an entry without a name");
        }
        return EntryPath.cleaned(name.toArray());
    }

    private Bytes rawName(HeaderBlock header, Extensions extensions) throws TarSyntaxException {
        var sparseName = extensions.pax().bytes("GNU.sparse.name");
        return sparseName.isPresent()
                ? sparseName.get()
                : extensions.name(limits).orElse(Bytes.of(header.name()));
    }

    private LayerEntry.Type type(char flag, Bytes name) throws TarSyntaxException {
        boolean isSlashed = !name.isEmpty() && name.at(name.length() - 1) == '/';
        return switch (flag) {
            // In V7 archives the slash alone made a directory.
            case '\0' -> isSlashed ? LayerEntry.Type.DIRECTORY : LayerEntry.Type.FILE;
            case '0', '7', 'S' -> {
                if (isSlashed) {
                    throw new TarSyntaxException("a file whose name ends in a slash");
                }
                yield LayerEntry.Type.FILE;
            }
            case '1' -> LayerEntry.Type.HARDLINK;
            case '2' -> LayerEntry.Type.SYMLINK;
            case '3' -> LayerEntry.Type.CHAR_DEVICE;
            case '4' -> LayerEntry.Type.BLOCK_DEVICE;
            case '5' -> LayerEntry.Type.DIRECTORY;
            case '6' -> LayerEntry.Type.FIFO;
            default ->
                throw new TarSyntaxException(
                        "an entry of the unknown type '" + Bytes.of(new byte[] {(byte) flag}) + "'");
        };
    }

    /** PAX's size wins; the content of what is no file must be empty, because readers differ in whether they skip it. */
    private long storedSize(HeaderBlock header, Extensions extensions) throws TarSyntaxException {
        var pax = extensions.pax().text("size");
        long size = pax.isPresent() ? TarNumbers.decimal(pax.get(), "size") : header.size();
        if (size < 0) {
            throw new TarSyntaxException("a negative size");
        }
        boolean isFile = type(header.type(), rawName(header, extensions)) == LayerEntry.Type.FILE;
        if (size != 0 && !isFile) {
            throw new TarSyntaxException("content in an entry that is no file");
        }
        return size;
    }

    private static boolean isSparse(HeaderBlock header, Extensions extensions) throws TarSyntaxException {
        PaxRecords pax = extensions.pax();
        if (header.type() == 'S') {
            if (!header.isGnu() || pax.hasSparseKeys()) {
                throw new TarSyntaxException("a sparse file in a mixed format");
            }
            return true;
        }
        if (!pax.hasSparseKeys()) {
            return false;
        }
        boolean isVersion1 = pax.text("GNU.sparse.major").equals(Optional.of("1"))
                && pax.text("GNU.sparse.minor").equals(Optional.of("0"));
        if (!isVersion1 || header.type() != '0') {
            throw new TarSyntaxException("a PAX sparse file of another form than 1.0");
        }
        return true;
    }

    private static long paxSparseSize(PaxRecords pax) throws TarSyntaxException {
        return TarNumbers.decimal(pax.text("GNU.sparse.realsize").orElse(""), "GNU.sparse.realsize");
    }

    private static long id(long inHeader, PaxRecords pax, String key) throws TarSyntaxException {
        var text = pax.text(key);
        long id = text.isPresent() ? TarNumbers.decimal(text.get(), key) : inHeader;
        if (id < 0 || id > LayerEntry.MAX_ID) {
            throw new TarSyntaxException("the " + key + " " + id + " is not in 0 to 2^32-2");
        }
        return id;
    }

    private static Timestamp mtime(HeaderBlock header, PaxRecords pax) throws TarSyntaxException {
        var text = pax.text("mtime");
        return text.isPresent() ? TarNumbers.time(text.get(), "mtime") : new Timestamp(header.mtime(), 0);
    }

    private Bytes linkTarget(LayerEntry.Type type, HeaderBlock header, Extensions extensions)
            throws TarSyntaxException {
        if (type != LayerEntry.Type.SYMLINK && type != LayerEntry.Type.HARDLINK) {
            return Bytes.EMPTY;
        }
        Bytes target = extensions.linkName(limits).orElse(Bytes.of(header.linkName()));
        return type == LayerEntry.Type.SYMLINK
                ? target
                : Bytes.of(EntryPath.cleaned(target.toArray()).toArray());
    }

    /** Linux has 12 bits of major and 20 of minor numbers; 0:0 is overlayfs's whiteout and no device. */
    private static int device(LayerEntry.Type type, long major, long minor, long number) throws TarSyntaxException {
        if (!type.isDevice()) {
            return 0;
        }
        if (major < 0 || major >= 1 << 12 || minor < 0 || minor >= 1 << 20) {
            throw new TarSyntaxException("the device " + major + ":" + minor + " is out of range");
        }
        if (type == LayerEntry.Type.CHAR_DEVICE && major == 0 && minor == 0) {
            throw new TarSyntaxException("the character device 0:0, which overlayfs takes for a whiteout");
        }
        return (int) number;
    }

    private void requireCount() throws TarSyntaxException {
        if (++entries > limits.maxEntries()) {
            throw new TarSyntaxException("more than " + limits.maxEntries() + " entries (maxEntries)");
        }
    }

    private void requireBytes(long size) throws TarSyntaxException {
        if (size > limits.maxBytes() - contentBytes) {
            throw new TarSyntaxException("files of more than " + limits.maxBytes() + " bytes in all (maxBytes)");
        }
        contentBytes += size;
    }
}
