package dev.jbuild.registry;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stretch of a blob as the body of a request. The source's own check of the blob runs over all that is read. */
record BlobSlice(Descriptor blob, BlobSource source, long from, long to) implements HttpRequest.Body {
    @Override
    public long length() {
        return to - from;
    }

    @Override
    public InputStream open() throws IOException {
        InputStream all = source.open(blob);
        try {
            all.skipNBytes(from);
            return new Bounded(all, length(), to == blob.size());
        } catch (IOException e) {
            all.close();
            throw e;
        }
    }

    /** Ends after so many bytes; the last stretch is read to the source's own end, where it checks the digest. */
    private static final class Bounded extends FilterInputStream {
        private long left;
        private final boolean last;

        Bounded(InputStream in, long length, boolean last) {
            super(in);
            this.left = length;
            this.last = last;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return last ? in.read(buffer, offset, length) : -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
