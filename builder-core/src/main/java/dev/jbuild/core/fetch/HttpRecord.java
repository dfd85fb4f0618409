package dev.jbuild.core.fetch;

import dev.jbuild.oci.Digest;
import dev.jbuild.registry.RemoteFiles.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a file that was fetched: enough to ask whether it changed. The tree's id stands in it as text, which keeps
 * the tree in the store.
 *
 * @param content what the file's bytes hash to
 */
record HttpRecord(Version version, Digest content, String treeId) {
    private static final int LINES = 4;

    byte[] toBytes() {
        String text = String.join(
                "\n", version.etag().orElse(""), version.lastModified().orElse(""), content.toString(), treeId);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static HttpRecord parse(byte[] bytes) {
        List<String> lines = List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
        if (lines.size() != LINES) {
            throw new IllegalArgumentException("the record of a fetched file has " + lines.size() + " lines");
        }
        Version version = new Version(said(lines.get(0)), said(lines.get(1)));
        return new HttpRecord(version, Digest.parse(lines.get(2)), lines.get(3));
    }

    private static Optional<String> said(String field) {
        return Optional.of(field).filter(text -> !text.isEmpty());
    }
}
