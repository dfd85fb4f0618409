package dev.jbuild.layer.store;

import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What steps came to, by their cache keys. A record holds its own checksum and is not synced: after a crash a damaged one
 * reads as absent, and the step runs again.
 *
 * <p>A record keeps the trees and blobs whose ids or digests stand in its bytes as text; see {@link Store#prune}.
 */
public final class RecordStore {
    /** Far more than any step has to remember. */
    static final int MAX_BYTES = 1 << 20;

    private static final int CHECKSUM = 64;

    private final StoreFolders folders;
    private final Session session;

    RecordStore(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    public Optional<byte[]> get(Digest key) throws IOException {
        session.note(key.hex());
        Path path = path(key);
        Optional<byte[]> file = StoreFile.read(folders.linux(), path, MAX_BYTES);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> record = content(key, file.get());
        if (record.isPresent()) {
            session.markUsed(path);
        } else {
            Files.deleteIfExists(path);
        }
        return record;
    }

    /** Every whole record, in no order; being read here is no use of it. */
    public void forEach(Consumer<byte[]> reader) throws IOException {
        for (Path file : FolderListing.of(folders.records())) {
            Optional<byte[]> bytes = StoreFile.read(folders.linux(), file, MAX_BYTES);
            String name = file.getFileName().toString();
            if (bytes.isPresent() && name.length() == CHECKSUM) {
                content(new Digest("sha256", name), bytes.get()).ifPresent(reader);
            }
        }
    }

    /** Stores a record; an older one of this key is replaced. */
    public void put(Digest key, byte[] record) throws IOException {
        session.note(key.hex());
        byte[] checksum = checksum(key, record).getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(checksum, CHECKSUM + record.length);
        System.arraycopy(record, 0, file, CHECKSUM, record.length);
        AtomicFile.write(session, path(key), file);
    }

    /** The record in a file, if the file is whole and that of the key. */
    static Optional<byte[]> content(Digest key, byte[] file) {
        if (file.length < CHECKSUM) {
            return Optional.empty();
        }
        byte[] record = Arrays.copyOfRange(file, CHECKSUM, file.length);
        String claimed = new String(file, 0, CHECKSUM, StandardCharsets.US_ASCII);
        return checksum(key, record).equals(claimed) ? Optional.of(record) : Optional.empty();
    }

    private Path path(Digest key) {
        return folders.records().resolve(key.hex());
    }

    /** The key is part of it: a record that came to lie under another's name is not that one. */
    private static String checksum(Digest key, byte[] record) {
        var hash = Digest.sha256();
        hash.update(key.toString().getBytes(StandardCharsets.US_ASCII));
        hash.update(record);
        return Digest.ofSha256(hash.digest()).hex();
    }
}
