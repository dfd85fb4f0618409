package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.oci.BlobSink;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.NoSuchBlobException;
import dev.jbuild.oci.VerifyingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Blobs by their digests, in an OCI image layout. A blob is there whole or not at all; one that turns out to be damaged
 * when it is read is taken away, so that the next build fetches or makes it again.
 */
public final class BlobStore implements BlobSource, BlobSink {
    private static final String ORIGIN = "the local store";

    private final StoreFolders folders;
    private final Session session;

    BlobStore(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    /** Where the blob lies, or would lie. */
    public Path path(Digest digest) {
        return folders.blobs(digest.algorithm()).resolve(digest.hex());
    }

    /** The blob's size in bytes if it is here. */
    public OptionalLong size(Digest digest) throws IOException {
        session.note(digest.hex());
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path(digest), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** A file of another size is the remains of an accident, not the blob. */
    @Override
    public boolean has(Descriptor blob) throws IOException {
        OptionalLong size = size(blob.digest());
        return size.isPresent() && size.getAsLong() == blob.size();
    }

    /** Fetches the blob unless it is here; of several that want it, one fetches. */
    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        if (has(blob)) {
            return;
        }
        try (StoreLock _ = StoreLock.take(folders, "blob " + blob.digest())) {
            if (has(blob)) {
                return;
            }
            try (InputStream content = source.open(blob);
                    BlobWriter writer =
                            new BlobWriter(folders, session, blob.digest().algorithm())) {
                content.transferTo(writer);
                writer.commit(blob, "its source");
            }
        }
    }

    /** As {@link BlobSource#open}; a file that is a link, a FIFO or the like is refused without being opened. */
    @Override
    public InputStream open(Descriptor blob) throws IOException {
        session.note(blob.digest().hex());
        Path path = path(blob.digest());
        Fd file =
                StoreFile.open(folders.linux(), path).orElseThrow(() -> new NoSuchBlobException(blob.digest(), ORIGIN));
        return new SelfHealing(
                new VerifyingInputStream(new FdInputStream(folders.linux(), file), blob, ORIGIN), path, blob.digest());
    }

    /**
     * Reads a small blob whole.
     *
     * @param limit the most bytes to read
     */
    public byte[] read(Descriptor blob, int limit) throws IOException {
        if (blob.size() > limit) {
            throw new IOException("blob " + blob.digest() + " has " + blob.size() + " bytes; the limit is " + limit);
        }
        try (InputStream in = open(blob)) {
            return in.readAllBytes();
        }
    }

    /** The blobs that may be documents, by their size and their first byte; what each of them is, only parsing tells. */
    public List<Descriptor> documents() throws IOException {
        List<Descriptor> documents = new ArrayList<>();
        for (Path file : FolderListing.of(folders.blobs("sha256"))) {
            if (isDocument(file)) {
                Digest digest = new Digest("sha256", file.getFileName().toString());
                documents.add(new Descriptor("application/json", digest, Files.size(file)));
            }
        }
        return documents;
    }

    private boolean isDocument(Path file) throws IOException {
        try {
            return Reach.isDocument(folders.linux(), file);
        } catch (StoreException e) {
            // No file of the user's: StoreCheck tells of it.
            return false;
        }
    }

    /** Stores these bytes. */
    public Descriptor put(String mediaType, byte[] content) throws IOException {
        Descriptor blob = Descriptor.of(mediaType, content);
        if (has(blob)) {
            return blob;
        }
        try (BlobWriter writer = writer()) {
            writer.write(content);
            return writer.commit(mediaType);
        }
    }

    /** The blob, to hold bytes against it; empty when it is not here. */
    public Optional<BlobComparison> comparison(Descriptor blob) throws IOException {
        if (!has(blob)) {
            return Optional.empty();
        }
        return StoreFile.open(folders.linux(), path(blob.digest()))
                .map(file -> new BlobComparison(folders.linux(), file));
    }

    /** A new blob whose digest is known only when it is written. */
    public BlobWriter writer() throws IOException {
        return new BlobWriter(folders, session, "sha256");
    }

    /** Takes a blob away if it is damaged, for it to be made anew. */
    public void removeIfDamaged(Descriptor blob) throws IOException {
        removeIfDamaged(path(blob.digest()), blob.digest());
    }

    /** Whether it was. */
    private static boolean removeIfDamaged(Path path, Digest digest) throws IOException {
        try {
            Object looked = fileKey(path);
            if (digest.matches(NamedFailure.reading(path, file -> hash(file, digest)))) {
                return false;
            }
            // Another build may have put a sound one in its place meanwhile.
            if (looked.equals(fileKey(path))) {
                Files.deleteIfExists(path);
            }
            return true;
        } catch (NoSuchFileException e) {
            // Another build has met it, too.
            return true;
        }
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static byte[] hash(Path path, Digest digest) throws IOException {
        MessageDigest hash = digest.newHash();
        try (InputStream file = new DigestInputStream(Files.newInputStream(path), hash)) {
            file.transferTo(OutputStream.nullOutputStream());
        }
        return hash.digest();
    }

    /** Removes the file of a blob that is not what its name says: the file must be wrong, not the descriptor. */
    private static final class SelfHealing extends java.io.FilterInputStream {
        private final Path path;
        private final Digest digest;

        SelfHealing(InputStream in, Path path, Digest digest) {
            super(in);
            this.path = path;
            this.digest = digest;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (CorruptBlobException e) {
                if (!removeIfDamaged(path, digest)) {
                    throw e;
                }
                StoreException damaged = new StoreException("blob " + digest + " in " + ORIGIN
                        + " was damaged and is removed: build or pull again to have it back");
                damaged.initCause(e);
                throw damaged;
            }
        }
    }
}
