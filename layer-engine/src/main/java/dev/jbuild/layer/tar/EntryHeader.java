package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import java.util.Objects;
import java.util.Optional;

/** One entry as its header block and the extended headers before it describe it together. */
final class EntryHeader {
    private final HeaderBlock block;
    private final Extensions extensions;
    private final PaxRecords pax;
    private final LayerLimits limits;
    private final Bytes name;

    EntryHeader(HeaderBlock block, Extensions extensions, LayerLimits limits) throws TarSyntaxException {
        this.block = block;
        this.extensions = extensions;
        this.pax = extensions.pax();
        this.limits = limits;
        Optional<Bytes> extended = extensions.name(limits);
        this.name = extended.isPresent() ? extended.get() : Bytes.of(block.name());
    }

    /** As the archive spells it. */
    Bytes name() {
        return name;
    }

    /** PAX's size wins; the content of what is no file must be empty, because readers differ in whether they skip it. */
    long storedSize() throws TarSyntaxException {
        Optional<String> text = pax.text("size");
        long size = text.isPresent() ? TarNumbers.decimal(text.get(), "size") : block.size();
        if (size < 0) {
            throw new TarSyntaxException("a negative size");
        }
        if (size != 0 && type() != LayerEntry.Type.FILE) {
            throw new TarSyntaxException("content in an entry that is no file");
        }
        return size;
    }

    boolean isOldSparse() throws TarSyntaxException {
        if (block.type() != 'S') {
            return false;
        }
        if (!block.isGnu() || pax.hasSparseKeys()) {
            throw new TarSyntaxException("a sparse file in a mixed format");
        }
        return true;
    }

    boolean isPaxSparse() throws TarSyntaxException {
        if (block.type() == 'S' || !pax.hasSparseKeys()) {
            return false;
        }
        boolean isVersion1 = pax.text("GNU.sparse.major").equals(Optional.of("1"))
                && pax.text("GNU.sparse.minor").equals(Optional.of("0"));
        if (!isVersion1 || block.type() != '0') {
            throw new TarSyntaxException("a PAX sparse file of another form than 1.0");
        }
        return true;
    }

    /** The size of an old GNU sparse file with its holes. */
    long oldSparseSize() throws TarSyntaxException {
        return block.sparseNumber(483);
    }

    /** The size of a PAX sparse file with its holes. */
    long paxSparseSize() throws TarSyntaxException {
        return TarNumbers.decimal(pax.text("GNU.sparse.realsize").orElse(""), "GNU.sparse.realsize");
    }

    HeaderBlock block() {
        return block;
    }

    /**
     * The entry, or what the marker of that name means.
     *
     * @param size of the content in full
     */
    LayerEntry entry(long size) throws TarSyntaxException {
        if (name.isEmpty()) {
            throw new TarSyntaxException("an entry without a name");
        }
        try {
            EntryPath path = EntryPath.cleaned(name.toArray());
            if (Whiteouts.isAufsMetadata(path)) {
                return plain(path, size);
            }
            if (Whiteouts.isBelowMarker(path)) {
                throw new TarSyntaxException("an entry below a whiteout");
            }
            return Whiteouts.isMarker(path) ? marker(path, size) : plain(path, size);
        } catch (IllegalArgumentException e) {
            throw new TarSyntaxException(Objects.requireNonNullElse(e.getMessage(), "malformed"), e);
        }
    }

    private LayerEntry plain(EntryPath path, long size) throws TarSyntaxException {
        LayerEntry.Type type = type();
        long major = block.devMajor();
        long minor = block.devMinor();
        if (type.isDevice()) {
            requireDevice(type, major, minor);
        }
        return new LayerEntry(
                path,
                type,
                block.mode(),
                id(block.uid(), "uid"),
                id(block.gid(), "gid"),
                mtime(),
                size,
                linkTarget(type),
                type.isDevice() ? (int) major : 0,
                type.isDevice() ? (int) minor : 0,
                pax.xattrs(limits));
    }

    private LayerEntry marker(EntryPath path, long size) throws TarSyntaxException {
        if (size != 0) {
            throw new TarSyntaxException("a whiteout with content");
        }
        LayerEntry entry = Whiteouts.isOpaque(path)
                ? LayerEntry.opaque(path.parent())
                : LayerEntry.whiteout(Whiteouts.removed(path));
        return entry.withMtime(mtime());
    }

    private LayerEntry.Type type() throws TarSyntaxException {
        boolean isSlashed = !name.isEmpty() && name.at(name.length() - 1) == '/';
        char flag = block.type();
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

    private long id(long inHeader, String key) throws TarSyntaxException {
        Optional<String> text = pax.text(key);
        long id = text.isPresent() ? TarNumbers.decimal(text.get(), key) : inHeader;
        if (id < 0 || id > LayerEntry.MAX_ID) {
            throw new TarSyntaxException("the " + key + " " + id + " is not in 0 to 2^32-2");
        }
        return id;
    }

    private Timestamp mtime() throws TarSyntaxException {
        Optional<String> text = pax.text("mtime");
        return text.isPresent() ? TarNumbers.time(text.get(), "mtime") : new Timestamp(block.mtime(), 0);
    }

    private Bytes linkTarget(LayerEntry.Type type) throws TarSyntaxException {
        if (type != LayerEntry.Type.SYMLINK && type != LayerEntry.Type.HARDLINK) {
            return Bytes.EMPTY;
        }
        Optional<Bytes> extended = extensions.linkName(limits);
        Bytes target = extended.isPresent() ? extended.get() : Bytes.of(block.linkName());
        return type == LayerEntry.Type.SYMLINK
                ? target
                : Bytes.of(EntryPath.cleaned(target.toArray()).toArray());
    }

    /** Linux has 12 bits of major and 20 of minor numbers; 0:0 is overlayfs's whiteout and no device. */
    private static void requireDevice(LayerEntry.Type type, long major, long minor) throws TarSyntaxException {
        if (major < 0 || major >= 1 << 12 || minor < 0 || minor >= 1 << 20) {
            throw new TarSyntaxException("the device " + major + ":" + minor + " is out of range");
        }
        if (type == LayerEntry.Type.CHAR_DEVICE && major == 0 && minor == 0) {
            throw new TarSyntaxException("the character device 0:0, which overlayfs takes for a whiteout");
        }
    }
}
