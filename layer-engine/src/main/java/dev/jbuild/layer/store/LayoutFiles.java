package dev.jbuild.layer.store;

import dev.jbuild.oci.Index;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The two files that make a folder an OCI image layout (OCI image-spec "Image Layout"). */
final class LayoutFiles {
    private static final byte[] VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private LayoutFiles() {}

    static Path index(StoreFolders folders) {
        return folders.root().resolve("index.json");
    }

    /** Each file appears whole: written aside where the sweeper finds it, then linked into place unless another process was first. */
    static void make(StoreFolders folders, Session session) throws IOException {
        makeFile(session, folders.root().resolve("oci-layout"), () -> VERSION);
        makeFile(session, index(folders), () -> Index.oci(List.of()).toBytes());
    }

    private static void makeFile(Session session, Path file, Supplier<byte[]> content) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path temporary = session.temporary();
        AtomicFile.writeNew(temporary, content.get(), true);
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
