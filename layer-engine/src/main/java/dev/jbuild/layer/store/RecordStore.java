package dev.jbuild.layer.store;

import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What steps came to, by their cache keys. A record holds its own checksum and is not synced: after a crash a damaged one
 * reads as absent, and the step runs again.
 *
 * <p>A record keeps the trees and blobs whose ids or digests stand in its bytes as text; see {@link Store#prune}.
 */
public final class RecordStore {
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
        byte[] file;
        try {
            file = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (file.length >= CHECKSUM) {
            byte[] record = Arrays.copyOfRange(file, CHECKSUM, file.length);
            String claimed = new String(file, 0, CHECKSUM, StandardCharsets.US_ASCII);
            if (checksum(key, record).equals(claimed)) {
                return Optional.of(record);
            }
        }
        Files.deleteIfExists(path);
        return Optional.empty();
    }

    /** Stores a record; an older one of this key is replaced. */
    public void put(Digest key, byte[] record) throws IOException {
        session.note(key.hex());
        byte[] checksum = checksum(key, record).getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(checksum, CHECKSUM + record.length);
        System.arraycopy(record, 0, file, CHECKSUM, record.length);
        AtomicFile.write(session, path(key), file);
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
