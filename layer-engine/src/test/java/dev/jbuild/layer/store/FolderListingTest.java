package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderListingTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsListedWhole() throws IOException {
        Path one = Files.createFile(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));

        assertThat(FolderListing.of(folder)).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FolderListing.of(folder.resolve("none")));
    }

    @Test
    void aDiskThatFailsInTheMiddleIsAFailureOfThatFolder() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> FolderListing.read(folder, FolderListingTest::broken))
                .withMessage("cannot list " + folder + ": Input/output error");
    }

    /** As the JDK's own: the first entry is there, the second cannot be read. */
    private static Iterator<Path> broken() {
        return new Iterator<>() {
            private boolean begun;

            @Override
            public boolean hasNext() {
                if (begun) {
                    throw new DirectoryIteratorException(new IOException("Input/output error"));
                }
                return true;
            }

            @Override
            public Path next() {
                begun = true;
                return Path.of("first");
            }
        };
    }
}
