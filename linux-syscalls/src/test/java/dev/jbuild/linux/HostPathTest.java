package dev.jbuild.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathTest {
    @TempDir
    Path folder;

    @Test
    void pathsArePassedAsTheyAre() {
        assertThat(HostPath.bytes(Path.of("a b/%41?")))
                .isEqualTo(bytes(Path.of("a b/%41?").toAbsolutePath()));
        assertThat(HostPath.bytes(Path.of("relative"))).isEqualTo(bytes(Path.of("relative")));
    }

    @Test
    void bytesThatTheJvmCannotDecodeReachTheKernel() throws IOException {
        Linux linux = Linux.system();
        byte[] name = {'n', (byte) 0xff, 'x'};
        try (Fd parent = linux.open(folder, OpenFlag.PATH)) {
            linux.makeDirectoryAt(parent, name, 0755);
            linux.makeDirectoryAt(parent, "größe".getBytes(UTF_8), 0755);
        }
        List<Path> seen;
        try (var entries = Files.list(folder)) {
            seen = entries.toList();
        }
        assertThat(seen).hasSize(2);
        for (Path path : seen) {
            try (Fd directory = linux.open(path, OpenFlag.PATH)) {
                assertThat(linux.stat(directory).inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
            }
        }
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(UTF_8);
    }
}
