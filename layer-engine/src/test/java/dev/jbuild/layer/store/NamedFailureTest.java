package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFailureTest {
    @TempDir
    Path folder;

    @Test
    void aFailureToReadNamesTheFile() {
        // A directory opens, and its read fails as one of a bad disk would: with the errno alone.
        assertThatThrownBy(() -> NamedFailure.reading(folder, Files::readAllBytes))
                .hasMessage("cannot read " + folder + ": Is a directory");
    }

    @Test
    void aFailureThatNamesItsFileStaysAsItIs() {
        assertThatThrownBy(() -> NamedFailure.reading(folder.resolve("none"), Files::readAllBytes))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(folder.resolve("none").toString());
    }

    @Test
    void anInterruptStaysOne() {
        IOException interrupt = new ClosedByInterruptException();

        assertThat(NamedFailure.ofWriting(folder, interrupt)).isSameAs(interrupt);
        assertThat(NamedFailure.ofWriting(folder, new IOException("No space left on device")))
                .hasMessage("cannot write " + folder + ": No space left on device");
    }
}
