package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.store.FileDigestIndex;
import dev.jbuild.layer.store.FileStamp;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** The digest of a file's content; an unchanged file of an indexed tree is not read again. */
record FileHasher(FileTree tree, Optional<FileDigestIndex> index) {
    private static final int BUFFER = 1 << 16;

    Digest digest(EntryPath path, FileStatus status) throws IOException {
        if (index.isEmpty()) {
            return read(path);
        }
        FileStamp stamp = new FileStamp(status.device(), status.inode(), status.size(), status.mtime(), status.ctime());
        Optional<Digest> known = index.get().find(path, stamp);
        if (known.isPresent()) {
            return known.get();
        }
        Digest digest = read(path);
        index.get().put(path, stamp, digest);
        return digest;
    }

    private Digest read(EntryPath path) throws IOException {
        MessageDigest hash = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = tree.open(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Digest.ofSha256(hash.digest());
    }
}
