package dev.jbuild.layer.store;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.oci.Digest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;

/** The file of a {@link FileDigestIndex}: a mark of its format, the entries, and a checksum over both. */
final class FileDigestCodec {
    /** A context of some millions of files. */
    static final int MAX_BYTES = 1 << 30;

    private static final byte[] FORMAT = "jbuild digests 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH = 32;
    /** Path length, rest, device, inode, size, two times, digest. */
    private static final int FIXED = 4 + 1 + 3 * 8 + 2 * 12 + HASH;

    private FileDigestCodec() {}

    static byte[] write(SortedMap<EntryPath, FileDigestIndex.Entry> entries) {
        int size = FORMAT.length + HASH;
        for (EntryPath path : entries.keySet()) {
            size += FIXED + path.length();
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(FORMAT);
        entries.forEach((path, entry) -> {
            FileStamp stamp = entry.stamp();
            out.putInt(path.length()).put(path.toArray()).put((byte) entry.rest());
            out.putLong(stamp.device()).putLong(stamp.inode()).putLong(stamp.size());
            putTime(out, stamp.mtime());
            putTime(out, stamp.ctime());
            out.put(HexFormat.of().parseHex(entry.digest().hex()));
        });
        var hash = Digest.sha256();
        hash.update(out.array(), 0, out.position());
        return out.put(hash.digest()).array();
    }

    /** Fills the index; a file that is damaged or of another format leaves it empty. */
    static void read(byte[] file, FileDigestIndex index) {
        if (!isWhole(file)) {
            return;
        }
        int end = file.length - HASH;
        try {
            ByteBuffer in = ByteBuffer.wrap(file, FORMAT.length, end - FORMAT.length);
            while (in.hasRemaining()) {
                readEntry(in, index);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // Its checksum is right, so another version of this program wrote it: start afresh.
            index.clear();
        }
    }

    /** Whether a file is of this format and is what was written. */
    static boolean isWhole(byte[] file) {
        int end = file.length - HASH;
        if (end < FORMAT.length || !Arrays.equals(file, 0, FORMAT.length, FORMAT, 0, FORMAT.length)) {
            return false;
        }
        var hash = Digest.sha256();
        hash.update(file, 0, end);
        return Arrays.equals(hash.digest(), Arrays.copyOfRange(file, end, file.length));
    }

    private static void readEntry(ByteBuffer in, FileDigestIndex index) {
        byte[] path = bytes(in, in.getInt());
        int rest = in.get();
        long device = in.getLong();
        long inode = in.getLong();
        long size = in.getLong();
        FileStamp stamp = new FileStamp(device, inode, size, time(in), time(in));
        Digest digest = Digest.ofSha256(bytes(in, HASH));
        index.load(EntryPath.of(path), new FileDigestIndex.Entry(stamp, digest, rest));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void putTime(ByteBuffer out, Timestamp time) {
        out.putLong(time.seconds()).putInt(time.nanos());
    }

    private static Timestamp time(ByteBuffer in) {
        long seconds = in.getLong();
        return new Timestamp(seconds, in.getInt());
    }
}
