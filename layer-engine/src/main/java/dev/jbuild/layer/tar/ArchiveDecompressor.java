package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Opens an archive as its tar stream: what {@link LayerDecompressor} opens, and bzip2 and xz, within the same limits. */
final class ArchiveDecompressor {
    private static final int MAGIC = 6;
    private static final int KIB = 1024;

    private ArchiveDecompressor() {}

    static InputStream open(InputStream file, LayerLimits limits, String what) throws IOException {
        CountingInputStream counted = new CountingInputStream(file);
        PushbackInputStream in = new PushbackInputStream(counted, MAGIC);
        byte[] magic = in.readNBytes(MAGIC);
        in.unread(magic);
        if (LayerDecompressor.startsWith(magic, 'B', 'Z', 'h')) {
            return bounded(() -> new BZip2CompressorInputStream(in, true), counted, limits, what);
        }
        if (LayerDecompressor.startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            // The memory limit is the library's, in KiB: a header may ask for a dictionary of 4 GiB.
            int memory = (int) Math.min(Integer.MAX_VALUE, limits.maxZstdWindowBytes() / KIB);
            return bounded(() -> new XZInputStream(new BufferedInputStream(in), memory), counted, limits, what);
        }
        return LayerDecompressor.open(in, limits, what);
    }

    private static InputStream bounded(Opener opener, CountingInputStream counted, LayerLimits limits, String what) {
        return new BoundedExpansion(new Foreign(opener), counted, limits, what);
    }

    @FunctionalInterface
    private interface Opener {
        InputStream open() throws IOException;
    }

    /** A library's stream: whatever it throws on damaged bytes, unchecked exceptions too, says that they are damaged. */
    private static final class Foreign extends FilterInputStream {
        private final Opener opener;
        private boolean isOpen;

        Foreign(Opener opener) {
            super(InputStream.nullInputStream());
            this.opener = opener;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                if (!isOpen) {
                    in = opener.open();
                    isOpen = true;
                }
                return in.read(buffer, offset, length);
            } catch (IOException | RuntimeException e) {
                ZipException damaged = new ZipException(String.valueOf(e.getMessage()));
                damaged.initCause(e);
                throw damaged;
            }
        }
    }
}
