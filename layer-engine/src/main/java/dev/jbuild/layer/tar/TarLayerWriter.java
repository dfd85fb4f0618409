package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes entries as a tar stream whose bytes follow from the entries alone: ustar headers, a PAX header only where a
 * value does not fit, times in whole seconds (as BuildKit's layers have them), no user or group names. The caller's
 * order is kept; a layer that is to be deterministic comes sorted.
 */
public final class TarLayerWriter implements LayerSink {
    private static final byte[] ZEROS = new byte[TarInput.BLOCK];
    private static final int NAME = 100;
    private static final int PREFIX = 155;
    private static final int PREFIX_AT = 345;
    private static final long MAX_OCTAL_7 = 07777777;
    private static final long MAX_OCTAL_11 = 077777777777L;

    private final OutputStream out;
    private final byte[] buffer = new byte[64 << 10];

    /** @param out not closed; written in pieces of any size, so it should buffer */
    public TarLayerWriter(OutputStream out) {
        this.out = out;
    }

    /** @throws IOException also when the content is shorter than the entry's size */
    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        requireTellable(entry);
        byte[] name = name(entry);
        byte[] link = entry.linkTarget().toArray();
        PaxWriter pax = new PaxWriter();
        byte[] header = header(entry, name, link, pax);
        if (!pax.isEmpty()) {
            writePax(name, pax.toBytes());
        }
        out.write(header);
        copy(entry, content);
    }

    /** Writes the end mark. An archive without any entry is one, too. */
    public void finish() throws IOException {
        out.write(ZEROS);
        out.write(ZEROS);
    }

    /** A step may make files whose names or attributes would mean something else in a layer. */
    private static void requireTellable(LayerEntry entry) throws RefusedLayerException {
        EntryPath path = entry.path();
        if ((Whiteouts.isMarker(path) && !entry.type().isMarker()) || Whiteouts.isBelowMarker(path)) {
            throw new RefusedLayerException(path, "a name that begins with .wh. means a removed file in a layer");
        }
        for (String attribute : entry.xattrs().keySet()) {
            // In a PAX record the first equals sign ends the key.
            if (attribute.indexOf('=') >= 0) {
                throw new RefusedLayerException(
                        path, "the extended attribute " + Bytes.of(attribute) + " has an equals sign in its name");
            }
        }
    }

    private static byte[] name(LayerEntry entry) {
        EntryPath path = switch (entry.type()) {
            case WHITEOUT -> Whiteouts.marker(entry.path());
            case OPAQUE -> entry.path().resolve(Whiteouts.OPAQUE);
            case FILE, DIRECTORY, SYMLINK, HARDLINK, FIFO, CHAR_DEVICE, BLOCK_DEVICE -> entry.path();
        };
        byte[] name = path.isRoot() ? new byte[] {'.'} : path.toArray();
        if (entry.type() == LayerEntry.Type.DIRECTORY) {
            name = Arrays.copyOf(name, name.length + 1);
            name[name.length - 1] = '/';
        }
        return name;
    }

    private static byte[] header(LayerEntry entry, byte[] name, byte[] link, PaxWriter pax) {
        HeaderWriter header = new HeaderWriter();
        putName(header, name, pax);
        header.text(157, NAME, link);
        if (link.length > NAME) {
            pax.put("linkpath", link);
        }
        header.octal(100, 8, entry.mode());
        putNumber(header, 108, 8, entry.uid(), MAX_OCTAL_7, "uid", pax);
        putNumber(header, 116, 8, entry.gid(), MAX_OCTAL_7, "gid", pax);
        putNumber(header, 124, 12, entry.size(), MAX_OCTAL_11, "size", pax);
        putNumber(header, 136, 12, entry.mtime().seconds(), MAX_OCTAL_11, "mtime", pax);
        header.type(typeFlag(entry.type()));
        header.octal(329, 8, entry.devMajor());
        header.octal(337, 8, entry.devMinor());
        entry.xattrs().forEach((key, value) -> pax.put(PaxRecords.XATTR + key, value.toArray()));
        return header.finish();
    }

    /** A long name goes into name and prefix when a slash allows it, else into PAX. */
    private static void putName(HeaderWriter header, byte[] name, PaxWriter pax) {
        int slash = name.length <= NAME ? -1 : splitAt(name);
        if (name.length > NAME && slash < 0) {
            pax.put("path", name);
        }
        if (slash > 0) {
            header.text(PREFIX_AT, PREFIX, Arrays.copyOf(name, slash));
            header.text(0, NAME, Arrays.copyOfRange(name, slash + 1, name.length));
        } else {
            header.text(0, NAME, name);
        }
    }

    /** The last slash that leaves at most 155 bytes before it and 1 to 100 after it. */
    private static int splitAt(byte[] name) {
        for (int i = Math.min(PREFIX, name.length - 2); i > 0 && name.length - i - 1 <= NAME; i--) {
            if (name[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    private static void putNumber(
            HeaderWriter header, int offset, int length, long value, long max, String key, PaxWriter pax) {
        boolean fits = value >= 0 && value <= max;
        header.octal(offset, length, fits ? value : 0);
        if (!fits) {
            pax.put(key, value);
        }
    }

    private static char typeFlag(LayerEntry.Type type) {
        return switch (type) {
            case FILE, WHITEOUT, OPAQUE -> '0';
            case HARDLINK -> '1';
            case SYMLINK -> '2';
            case CHAR_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    private void writePax(byte[] name, byte[] body) throws IOException {
        HeaderWriter header = new HeaderWriter();
        header.text(0, NAME, paxName(name));
        header.octal(100, 8, 0644);
        header.octal(108, 8, 0);
        header.octal(116, 8, 0);
        header.octal(124, 12, body.length);
        header.octal(136, 12, 0);
        header.type('x');
        out.write(header.finish());
        out.write(body);
        pad(body.length);
    }

    /** What a reader without PAX would extract the records to. */
    private static byte[] paxName(byte[] name) {
        byte[] folder = Bytes.of("PaxHeaders.0/").toArray();
        int end = name[name.length - 1] == '/' ? name.length - 1 : name.length;
        int start = end;
        while (start > 0 && name[start - 1] != '/') {
            start--;
        }
        int length = Math.min(end - start, NAME - folder.length);
        byte[] joined = Arrays.copyOf(folder, folder.length + length);
        System.arraycopy(name, start, joined, folder.length, length);
        return joined;
    }

    private void copy(LayerEntry entry, InputStream content) throws IOException {
        for (long left = entry.size(); left > 0; ) {
            int count = content.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new IOException(
                        entry.path() + " ended " + left + " bytes early: it was cut short while it was read");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        pad(entry.size());
    }

    private void pad(long size) throws IOException {
        out.write(ZEROS, 0, (int) TarInput.padding(size));
    }
}
