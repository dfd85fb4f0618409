package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** Opens an archive as its tar stream: what {@link LayerDecompressor} opens, and bzip2 and xz, within the same limits. */
final class ArchiveDecompressor {
    private static final int MAGIC = 6;
    private static final int KIB = 1024;

    /** What the library keeps beside a dictionary, as it counts that. */
    private static final int XZ_TABLES_KIB = 1024;

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
            return bounded(() -> openXz(in, limits), counted, limits, what);
        }
        return LayerDecompressor.open(in, limits, what);
    }

    /** The memory limit is the library's, in KiB: a header may ask for a dictionary of 4 GiB. */
    private static InputStream openXz(InputStream in, LayerLimits limits) throws IOException {
        long memory = XZ_TABLES_KIB + limits.maxZstdWindowBytes() / KIB;
        return new XZInputStream(new BufferedInputStream(in), (int) Math.min(Integer.MAX_VALUE, memory));
    }

    private static InputStream bounded(Opener opener, CountingInputStream counted, LayerLimits limits, String what) {
        return new BoundedExpansion(new Foreign(opener, limits.maxZstdWindowBytes()), counted, limits, what);
    }

    @FunctionalInterface
    private interface Opener {
        InputStream open() throws IOException;
    }

    /** A library's stream: whatever it throws on damaged bytes, unchecked exceptions too, says that they are damaged. */
    private static final class Foreign extends FilterInputStream {
        private final Opener opener;
        private final long maxWindow;
        private boolean isOpen;

        Foreign(Opener opener, long maxWindow) {
            super(InputStream.nullInputStream());
            this.opener = opener;
            this.maxWindow = maxWindow;
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
            } catch (MemoryLimitException e) {
                throw new WindowException(
                        "an xz stream that takes " + (long) KIB * e.getMemoryNeeded() + " bytes of memory", maxWindow);
            } catch (IOException | RuntimeException e) {
                ZipException damaged = new ZipException(String.valueOf(e.getMessage()));
                damaged.initCause(e);
                throw damaged;
            }
        }
    }
}
