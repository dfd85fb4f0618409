package dev.jbuild.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.runtime.Launcher;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchedProcessTest {
    @TempDir
    private Path folder;

    @Test
    void aLauncherThatSomebodyStillHasOpenForWritingIsWaitedFor() throws Exception {
        Path launcher = Launcher.extract(folder).file();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Process> started;
            try (FileChannel writing = FileChannel.open(launcher, StandardOpenOption.WRITE)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> new ProcessBuilder(launcher.toString()).start())
                        .withMessageContaining("Text file busy");
                started = threads.submit(() -> LaunchedProcess.start(launcher));
                assertThat(writing.isOpen()).isTrue();
            }
            Process process = started.get();
            process.getOutputStream().close();
            assertThat(process.waitFor()).isNotZero();
        }
    }
}
