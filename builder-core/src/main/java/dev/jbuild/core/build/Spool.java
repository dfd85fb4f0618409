package dev.jbuild.core.build;

import dev.jbuild.layer.DiskReserve;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.NamedFailure;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Bytes that are set aside until the layer that they belong to is written: one file in the store that has no name, so that
 * it is gone with the process. Blocks of zeros stay holes.
 */
final class Spool implements Closeable {
    private static final int BLOCK = 64 << 10;

    private final Path path;
    private final DiskReserve disk;
    private final byte[] block = new byte[BLOCK];
    private final byte[] zeros = new byte[BLOCK];
    private Optional<FileChannel> file = Optional.empty();
    private long end;

    /** The file is made when something is kept. */
    Spool(Store store, Linux linux, LayerLimits limits) {
        this.path = store.temporary();
        this.disk = DiskReserve.of(linux, Objects.requireNonNull(path.getParent()), limits);
    }

    /** Keeps all that a member of an archive has; it can then be opened any number of times, by several threads, until this is closed. */
    synchronized CopyItem.Content keep(EntryPath member, InputStream content) throws IOException {
        FileChannel channel = channel();
        long start = end;
        for (int count = content.readNBytes(block, 0, BLOCK); count > 0; count = content.readNBytes(block, 0, BLOCK)) {
            if (!Arrays.equals(block, 0, count, zeros, 0, count)) {
                disk.take(member, count);
                writeFully(channel, ByteBuffer.wrap(block, 0, count), end);
            }
            end += count;
        }
        long size = end - start;
        return () -> new Slice(path, channel, start, size);
    }

    @Override
    public synchronized void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }

    private FileChannel channel() throws IOException {
        if (file.isEmpty()) {
            file = Optional.of(FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
            Files.delete(path);
        }
        return file.get();
    }

    private void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        try {
            for (long position = at; bytes.hasRemaining(); ) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            throw NamedFailure.ofWriting(path, e);
        }
    }

    /** A part of the file; a hole at its end reads as zeros. */
    private static final class Slice extends InputStream {
        private final Path path;
        private final FileChannel channel;
        private long position;
        private long left;

        Slice(Path path, FileChannel channel, long position, long left) {
            this.path = path;
            this.channel = channel;
            this.position = position;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return length == 0 ? 0 : -1;
            }
            int wanted = (int) Math.min(length, left);
            int count =
                    NamedFailure.reading(path, _ -> channel.read(ByteBuffer.wrap(buffer, offset, wanted), position));
            if (count < 0) {
                Arrays.fill(buffer, offset, offset + wanted, (byte) 0);
                count = wanted;
            }
            position += count;
            left -= count;
            return count;
        }
    }
}
