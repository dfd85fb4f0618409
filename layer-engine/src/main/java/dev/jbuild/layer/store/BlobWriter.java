package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.linux.Writeback;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A blob being written: hashed on the way, visible under its digest once committed, gone when closed without. */
public final class BlobWriter extends OutputStream {
    /** So much is begun to be written to the disk at a time: the sync at the end then waits for the last of it only. */
    private static final int WRITTEN_BACK = 16 << 20;

    private final StoreFolders folders;
    private final Linux linux;
    private final Session session;
    private final String algorithm;
    private final MessageDigest hash;
    private final Path temporary;
    private final Fd file;
    private final GrowingFile growing;
    private long size;
    private long writtenBack;
    private boolean committed;

    BlobWriter(StoreFolders folders, Session session, String algorithm) throws IOException {
        this.folders = folders;
        this.linux = folders.linux();
        this.session = session;
        this.algorithm = algorithm;
        this.hash = algorithm.equals("sha256") ? Digest.sha256() : sha512();
        this.temporary = session.temporary();
        this.file = linux.open(temporary, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
        this.growing = new GrowingFile(temporary);
    }

    /** The blob as others may read it while it is written. */
    public GrowingBlob growing() {
        return growing;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireNoInterrupt();
        hash.update(bytes, offset, length);
        linux.write(file, bytes, offset, length);
        size += length;
        growing.grow(length);
        if (size - writtenBack >= WRITTEN_BACK) {
            Writeback.start(file, writtenBack, size - writtenBack);
            writtenBack = size;
        }
    }

    /** A build that is given up must not go on with a layer of any size. */
    private void requireNoInterrupt() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while writing " + temporary);
        }
    }

    /** Publishes what was written; durable when this returns. */
    public Descriptor commit(String mediaType) throws IOException {
        return publish(new Descriptor(mediaType, digest(), size));
    }

    /**
     * Publishes what was written if it is this blob.
     *
     * @param origin where the bytes came from, for the message
     */
    Descriptor commit(Descriptor expected, String origin) throws IOException {
        Digest actual = digest();
        if (!actual.equals(expected.digest()) || size != expected.size()) {
            throw new CorruptBlobException("blob " + expected.digest() + " from " + origin
                    + " is corrupt: its content of " + size + " bytes hashes to " + actual);
        }
        return publish(expected);
    }

    /** Removes what was not committed. */
    @Override
    public void close() throws IOException {
        growing.close();
        file.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }

    private Descriptor publish(Descriptor blob) throws IOException {
        session.note(blob.digest().hex());
        Path folder = folders.blobs(algorithm);
        folders.make(folder);
        Path place = folder.resolve(blob.digest().hex());
        // Steps that change nothing all make the same empty layer: waiting for the disk once is enough.
        if (isThere(place)) {
            growing.finish(blob, place, _ -> {});
            return blob;
        }
        linux.sync(file);
        growing.finish(blob, place, there -> Files.move(temporary, there, StandardCopyOption.ATOMIC_MOVE));
        committed = true;
        folders.sync(folder);
        return blob;
    }

    private boolean isThere(Path place) throws IOException {
        return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS) && Files.size(place) == size;
    }

    private Digest digest() {
        return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
    }

    private static MessageDigest sha512() {
        return new Digest("sha512", "0".repeat(128)).newHash();
    }
}
