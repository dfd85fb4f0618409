package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * One digest of all that a copy would take: names, types, modes, contents, links and extended attributes. Times are left
 * out, so that a fresh checkout of the same files is the same; owners count only where they are copied.
 */
final class ContentDigest {
    private final FileTree tree;
    private final FileHasher hasher;
    private final boolean withOwners;
    private final MessageDigest hash = Digest.sha256();

    ContentDigest(FileTree tree, FileHasher hasher, boolean withOwners) {
        this.tree = tree;
        this.hasher = hasher;
        this.withOwners = withOwners;
    }

    Digest of(List<SourceMatch> matches) throws IOException {
        for (SourceMatch match : matches) {
            put(match.name().toArray());
            put(match.directory() ? "directory" : "file");
            for (SourceFile file : match.files()) {
                put(file);
            }
        }
        return Digest.ofSha256(hash.digest());
    }

    private void put(SourceFile file) throws IOException {
        FileStatus status = file.status();
        put(file.below().toArray());
        put(status.kind().name());
        put(Integer.toOctalString(status.mode()));
        if (withOwners) {
            put(status.uid() + ":" + status.gid());
        }
        if (status.isFile()) {
            put(hasher.digest(file.path(), status).toString());
        } else if (status.isLink()) {
            put(tree.readLink(file.path()).toArray());
        } else {
            put(status.deviceMajor() + ":" + status.deviceMinor());
        }
        for (Map.Entry<String, Bytes> xattr : tree.xattrs(file.path()).entrySet()) {
            put(xattr.getKey());
            put(xattr.getValue().toArray());
        }
    }

    private void put(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(byte[] bytes) {
        hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        hash.update(bytes);
    }
}
