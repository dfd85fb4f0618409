package dev.jbuild.layer.store;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.GrowingBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file of a blob that is being written, for those who read it meanwhile: where it lies, and how far it has come. */
final class GrowingFile implements GrowingBlob {
    private Path path;
    private long size;
    private Optional<Descriptor> whole = Optional.empty();
    private boolean givenUp;

    GrowingFile(Path path) {
        this.path = path;
    }

    /** Puts a finished file in its place. */
    @FunctionalInterface
    interface Move {
        void to(Path place) throws IOException;
    }

    @Override
    public synchronized Extent await(long least) throws IOException, InterruptedException {
        while (size < least && whole.isEmpty() && !givenUp) {
            wait();
        }
        if (givenUp) {
            throw new IOException("the blob is not written to its end");
        }
        return new Extent(size, whole);
    }

    @Override
    public InputStream open(long from, long to) throws IOException {
        FileChannel file = open();
        try {
            file.position(from);
            return new Stretch(Channels.newInputStream(file), to - from);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Not while it is moved: it has one name before and another one afterwards. */
    private synchronized FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    synchronized void grow(int bytes) {
        size += bytes;
        notifyAll();
    }

    /** The whole blob now lies there; the move is done here. */
    synchronized void finish(Descriptor blob, Path place, Move move) throws IOException {
        move.to(place);
        path = place;
        whole = Optional.of(blob);
        notifyAll();
    }

    /** No more will come; of a blob that is whole this says nothing. */
    synchronized void close() {
        givenUp = whole.isEmpty();
        notifyAll();
    }

    /** Ends after so many bytes, for the file may have grown. */
    private static final class Stretch extends java.io.FilterInputStream {
        private long left;

        Stretch(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
