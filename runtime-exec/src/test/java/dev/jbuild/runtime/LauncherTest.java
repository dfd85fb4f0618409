package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final byte[] MAGIC = "jbuild02".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private Launcher launcher;

    @BeforeEach
    void extract() throws IOException {
        launcher = Launcher.extract(directory);
    }

    private String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private byte[] runWithInput(byte[] input) throws IOException {
        Process process = new ProcessBuilder(launcher.file().toString(), "run").start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException closed) {
            // It stopped reading: what it says about that is the result.
            assertThat(closed).hasMessageContaining("pipe");
        }
        return process.getInputStream().readAllBytes();
    }

    private static byte[] message(byte[] body, int length) {
        return ByteBuffer.allocate(MAGIC.length + 4 + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(length)
                .put(body)
                .array();
    }

    @Test
    void theShippedFileIsPreferredToTheOneInTheJar() throws IOException {
        assertThat(Launcher.locate(Path.of("/bin/sh"), directory).file()).isEqualTo(Path.of("/bin/sh"));
        assertThat(Launcher.locate(directory.resolve("none"), directory).file())
                .isEqualTo(directory.resolve(Launcher.NAME));
    }

    @Test
    void extractingAgainReplacesItAndLeavesNoTemporaryFile() throws IOException {
        Launcher.extract(directory);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly(Launcher.NAME);
        }
    }

    @Test
    void enterRunsTheCommandWhateverItCanGiveIt() throws Exception {
        String entered = run(launcher.file().toString(), "enter", "--", "/bin/sh", "-c", "echo $JBUILD_ENTERED");
        assertThat(Entered.parse(entered).reason()).isNotEqualTo("not started through the launcher");
        assertThat(run(launcher.file().toString(), "enter", "--", "/no/such")).contains("/no/such");
    }

    @Test
    @Tag("root")
    void enterGivesRootAMountNamespaceOfItsOwn() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        String entered = run(
                launcher.file().toString(),
                "enter",
                "--",
                "/bin/sh",
                "-c",
                "readlink /proc/self/ns/mnt; echo $JBUILD_ENTERED");
        assertThat(entered.lines()).last().isEqualTo("root:");
        assertThat(entered)
                .doesNotContain(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString());
    }

    @Test
    void somethingElseThanASpecificationIsRefused() throws IOException {
        for (byte[] input : List.of(new byte[0], "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(new String(runWithInput(input), StandardCharsets.UTF_8)).contains("step specification");
        }
    }

    @Test
    void aLengthBeyondTheLimitIsRefused() throws IOException {
        assertThat(new String(runWithInput(message(new byte[0], Integer.MAX_VALUE)), StandardCharsets.UTF_8))
                .contains("at most");
    }

    @Test
    void randomBytesAndTruncationsAreRefusedAndNeverCrashIt() throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 100; round++) {
            byte[] body = new byte[random.nextInt(400)];
            random.nextBytes(body);
            // Small numbers get farther into the fields.
            for (int i = 0; i < body.length && round % 2 == 0; i++) {
                body[i] = (byte) (i % 4 == 0 ? body[i] & 3 : 0);
            }
            byte[] said = runWithInput(message(body, body.length));
            assertThat(said).as("input %s", Arrays.toString(body)).isNotEmpty();
            assertThat(said[0])
                    .as("a failure frame for %s", Arrays.toString(body))
                    .isEqualTo((byte) 4);
        }
    }
}
