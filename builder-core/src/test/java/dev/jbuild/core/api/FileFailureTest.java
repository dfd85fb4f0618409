package dev.jbuild.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
    @TempDir
    private Path folder;

    @Test
    void whatTheJdkLeavesOutIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(words(() -> Files.size(folder.resolve("none"))))
                .isEqualTo(folder.resolve("none") + ": no such file or directory");
        assertThat(words(() -> Files.delete(folder))).isEqualTo(folder + ": a directory that is not empty");
        assertThat(words(() -> Files.createFile(file))).isEqualTo(file + ": there is one already");
        assertThat(FileFailure.words(new NotDirectoryException("/f"))).isEqualTo("/f: not a directory");
    }

    @Test
    void whatIsSaidAlreadyStays() {
        assertThat(FileFailure.words(new IOException("layer x is refused"))).isEqualTo("layer x is refused");
        assertThat(FileFailure.reason(new IOException("No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileFailure.reason(new NotDirectoryException("/f"))).isEqualTo("not a directory");
        assertThat(FileFailure.words(new FileSystemException("/f", null, "No space left on device")))
                .isEqualTo("/f: No space left on device");
    }

    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    private static String words(Act act) {
        return FileFailure.words(catchThrowableOfType(IOException.class, act::run));
    }
}
