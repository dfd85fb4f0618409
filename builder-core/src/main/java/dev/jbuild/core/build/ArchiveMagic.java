package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells archives by their first bytes, as ADD does whatever their name is. */
final class ArchiveMagic {
    private static final int TAR_MAGIC_AT = 257;
    private static final String TAR = "ustar";

    /** gzip (RFC 1952), bzip2, xz, and zstd (RFC 8878). */
    private static final List<String> COMPRESSED = List.of("\u001f\u008b", "BZh", "\u00fd7zXZ", "(\u00b5/\u00fd");

    private ArchiveMagic() {}

    static boolean isArchive(FileTree tree, EntryPath file) throws IOException {
        try (InputStream in = tree.open(file)) {
            // Latin-1 carries every byte through a string unchanged.
            String head = new String(in.readNBytes(TAR_MAGIC_AT + TAR.length()), StandardCharsets.ISO_8859_1);
            return head.startsWith(TAR, TAR_MAGIC_AT) || COMPRESSED.stream().anyMatch(head::startsWith);
        }
    }
}
