package dev.jbuild.layer.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is in a folder of the store, read to its end. */
final class FolderListing {
    private FolderListing() {}

    /**
     * The folder's entries, in no order.
     *
     * @throws java.nio.file.NoSuchFileException when it is not there
     * @throws IOException that names the folder, also when the disk fails in the middle
     */
    static List<Path> of(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return read(folder, entries);
        }
    }

    /** An iterator can only throw what is unchecked, and that would pass for a bug of ours. */
    static List<Path> read(Path folder, Iterable<Path> entries) throws IOException {
        List<Path> read = new ArrayList<>();
        try {
            entries.forEach(read::add);
            return read;
        } catch (DirectoryIteratorException e) {
            IOException failure = Objects.requireNonNull(e.getCause());
            throw new IOException("cannot list " + folder + ": " + failure.getMessage(), failure);
        }
    }
}
