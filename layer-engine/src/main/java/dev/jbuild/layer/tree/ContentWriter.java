package dev.jbuild.layer.tree;

import dev.jbuild.layer.DiskReserve;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Copies an entry's content into its file. Blocks of zeros become holes: a sparse file of 20 GiB costs no disk. */
final class ContentWriter {
    private static final int BUFFER_BYTES = 128 << 10;
    private static final byte[] ZEROS = new byte[BUFFER_BYTES];

    private final Linux linux;
    private final DiskReserve disk;

    /** Made for the first content: layers without files are many. */
    private byte[] buffer = {};

    ContentWriter(Linux linux, DiskReserve disk) {
        this.linux = linux;
        this.disk = disk;
    }

    void write(LayerEntry entry, InputStream content, Fd file) throws IOException {
        long size = entry.size();
        if (size > 0 && buffer.length == 0) {
            buffer = new byte[BUFFER_BYTES];
        }
        boolean endsInHole = false;
        for (long position = 0; position < size; ) {
            int length = content.readNBytes(buffer, 0, (int) Math.min(BUFFER_BYTES, size - position));
            if (length == 0) {
                throw new EOFException(
                        entry.path() + ": its content ends after " + position + " of " + size + " bytes");
            }
            endsInHole = isHole(length);
            if (!endsInHole) {
                disk.take(entry.path(), length);
                linux.writeAt(file, position, buffer, 0, length);
            }
            position += length;
        }
        if (endsInHole) {
            linux.truncate(file, size);
        }
    }

    private boolean isHole(int length) {
        return length == BUFFER_BYTES
                && buffer[0] == 0
                && buffer[BUFFER_BYTES - 1] == 0
                && Arrays.equals(buffer, ZEROS);
    }
}
