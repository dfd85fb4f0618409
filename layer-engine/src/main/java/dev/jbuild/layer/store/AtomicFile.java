package dev.jbuild.layer.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Replaces a small file so that readers see the old one or the new one, whole. */
final class AtomicFile {
    private AtomicFile() {}

    /** Survives a crash of the machine once this returns. */
    static void writeDurably(StoreFolders folders, Session session, Path file, byte[] content) throws IOException {
        write(session, file, content, true);
        folders.sync(StoreFolders.parent(file));
    }

    /** For what checks itself when it is read and may be lost: waiting for the disk would cost more than making it again. */
    static void write(Session session, Path file, byte[] content) throws IOException {
        write(session, file, content, false);
    }

    private static void write(Session session, Path file, byte[] content, boolean sync) throws IOException {
        Path temporary = session.temporary();
        try {
            writeNew(temporary, content, sync);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** @param sync whether its content must survive a crash of the machine */
    static void writeNew(Path file, byte[] content, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), StoreFolders.PRIVATE_FILE)) {
            for (ByteBuffer buffer = ByteBuffer.wrap(content); buffer.hasRemaining(); ) {
                channel.write(buffer);
            }
            if (sync) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw NamedFailure.ofWriting(file, e);
        }
    }
}
