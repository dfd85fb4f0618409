package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.oci.Index;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The two files that make a folder an OCI image layout (OCI image-spec "Image Layout"). */
final class LayoutFiles {
    private static final String LAYOUT = "oci-layout";
    private static final String INDEX = "index.json";
    private static final byte[] VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private LayoutFiles() {}

    static Path index(StoreFolders folders) {
        return folders.root().resolve(INDEX);
    }

    /**
     * Each file appears whole: written aside where the sweeper finds it, then linked into place unless another process was first.
     *
     * @throws StoreException when either is there but is no regular file, or another user's
     */
    static void make(StoreFolders folders, Session session) throws IOException {
        try (Fd root = folders.handle()) {
            if (!StoreFile.isThere(folders.linux(), root, LAYOUT)) {
                makeFile(session, folders.root().resolve(LAYOUT), VERSION);
            }
            if (!StoreFile.isThere(folders.linux(), root, INDEX)) {
                makeFile(session, index(folders), Index.oci(List.of()).toBytes());
            }
        }
    }

    private static void makeFile(Session session, Path file, byte[] content) throws IOException {
        Path temporary = session.temporary();
        AtomicFile.writeNew(temporary, content, true);
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // Another process made the same file in this moment: its content is ours.
            return;
        } finally {
            Files.delete(temporary);
        }
    }
}
