package dev.jbuild.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.runtime.Launcher;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStarterTest {
    @TempDir
    private Path folder;

    @Test
    void aLauncherThatSomebodyStillHasOpenForWritingIsWaitedFor() throws Exception {
        Path launcher = Launcher.extract(folder).file();
        FutureTask<Process> started = new FutureTask<>(() -> new ProcessStarter(launcher).process());
        Thread starting = new Thread(started);
        try (FileChannel _ = FileChannel.open(launcher, StandardOpenOption.WRITE)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new ProcessBuilder(launcher.toString()).start())
                    .withMessageContaining("Text file busy");
            starting.start();
            // It pauses after it was refused; without a second try it would be at its end.
            while (starting.getState() != Thread.State.TIMED_WAITING && starting.isAlive()) {
                Thread.onSpinWait();
            }
        }
        Process process = started.get();
        process.getOutputStream().close();
        assertThat(process.waitFor()).isNotZero();
    }
}
