package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of this builder's own with all that is in it. */
record OwnDirectory(Path top) {
    /** Removes it; what is gone already, since another builder removes it as well, is no failure. */
    void delete() throws IOException {
        try (Stream<Path> entries = Files.walk(top)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
