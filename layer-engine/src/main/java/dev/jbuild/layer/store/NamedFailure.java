package dev.jbuild.layer.store;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The JDK's failures to read, write and sync an open file with the file that they are about: their own message is the errno's alone. */
public final class NamedFailure {
    private NamedFailure() {}

    /** Something that is read of a file. */
    @FunctionalInterface
    public interface Reading<T> {
        T from(Path file) throws IOException;
    }

    /** What the reading gives; a failure names the file. */
    public static <T> T reading(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.from(file);
        } catch (IOException e) {
            throw of("cannot read", file, e);
        }
    }

    /** The failure of a write or sync. */
    public static IOException ofWriting(Path file, IOException failure) {
        return of("cannot write", file, failure);
    }

    private static IOException of(String act, Path file, IOException failure) {
        // Those name a file already, or tell of an interrupt.
        return failure instanceof FileSystemException || failure instanceof ClosedChannelException
                ? failure
                : new IOException(act + " " + file + ": " + failure.getMessage(), failure);
    }
}
