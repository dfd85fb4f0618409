package dev.jbuild.cli;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;

/** Streams that ask their reader to keep 128 MiB of what it has read, and make it do so. */
final class LargeWindow {
    /** More than the window, so that all of it is written to. */
    private static final int SIZE = 136 << 20;

    private static final int LOG = 27;

    private LargeWindow() {}

    /** Of which an eighth is random: a smaller one would be refused for its ratio. */
    static byte[] content() {
        Random random = new Random(1);
        byte[] content = new byte[SIZE];
        byte[] piece = new byte[16 << 10];
        for (int at = 0; at < SIZE; at += 8 * piece.length) {
            random.nextBytes(piece);
            System.arraycopy(piece, 0, content, at, piece.length);
        }
        return content;
    }

    static byte[] compress(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes, 1).setLong(LOG)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
