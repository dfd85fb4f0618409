package dev.jbuild.layer.store;

import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file digest indexes, one for each build context. */
public final class FileDigests {
    private final StoreFolders folders;
    private final Session session;

    FileDigests(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    /**
     * Loads the index of a context; an absent or damaged one is empty.
     *
     * @param context any text that names it, as its absolute path
     */
    public FileDigestIndex open(String context) throws IOException {
        Path file = folders.digests()
                .resolve(Digest.of(context.getBytes(StandardCharsets.UTF_8)).hex());
        FileDigestIndex index = new FileDigestIndex(this, file, now());
        StoreFile.read(folders.linux(), file, FileDigestCodec.MAX_BYTES)
                .ifPresent(content -> FileDigestCodec.read(content, index));
        return index;
    }

    void save(Path file, byte[] content) throws IOException {
        AtomicFile.write(session, file, content);
    }

    /** The kernel's present time as it stamps files: that of the lease, touched. A process's own clock may be ahead. */
    private Timestamp now() throws IOException {
        Path probe = session.temporary();
        try (Fd file = folders.linux().open(probe, OpenFlag.WRITE, OpenFlag.CREATE)) {
            FileStat stat = folders.linux().stat(file);
            return new Timestamp(stat.ctimeSeconds(), stat.ctimeNanos());
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
