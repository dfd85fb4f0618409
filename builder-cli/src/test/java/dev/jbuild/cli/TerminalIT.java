package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Distribution.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands that a user runs in an image, and the shell of a failed step, from the command line and at a terminal. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TerminalIT {
    private static final String BASE = """
            FROM scratch
            COPY busybox /bin/busybox
            COPY passwd /etc/passwd
            SHELL ["/bin/busybox", "sh", "-c"]
            RUN busybox --install -s /bin
            """;

    private Path directory;
    private Distribution jbuild;

    @BeforeAll
    void buildAnImage() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: apt install busybox-static");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script")), "needs script, for a terminal: apt install bsdutils");
        directory = Files.createTempDirectory("jbuild-terminal-");
        jbuild = Distribution.ofThisBuild(directory);
        Path context = Files.createDirectory(directory.resolve("context"));
        Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
        Files.writeString(context.resolve("passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n");
        Files.writeString(context.resolve("Dockerfile"), BASE);
        Files.writeString(
                context.resolve("failing"),
                BASE + "ENV SEEN=yes\nUSER app\nWORKDIR /tmp\nRUN echo left > /tmp/state; exit 3\n");
        Ended built = jbuild.run(List.of("-t", "box", "--network=none", context.toString()));
        assertThat(built.code()).as(built.err()).isZero();
    }

    @AfterAll
    void removeAll() throws Exception {
        if (directory != null) {
            new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
                    .start()
                    .waitFor();
        }
    }

    private Ended inBox(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("run", "--network=none"));
        all.addAll(List.of(words));
        return jbuild.run(all);
    }

    /** Types into a terminal that jbuild is started at. */
    private Ended atTerminal(String typed, String... words) throws IOException, InterruptedException {
        String command = "stty rows 33 cols 99; exec " + jbuild.program() + " " + String.join(" ", words);
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null");
        builder.environment().put("JBUILD_ROOT", directory.resolve("root").toString());
        Path out = Files.createTempFile(directory, "out", "");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try (var keys = process.getOutputStream()) {
            keys.write(typed.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            assertThat(process.waitFor(1, TimeUnit.MINUTES))
                    .as(Files.readString(out))
                    .isTrue();
        }
        return new Ended(process.exitValue(), Files.readString(out).replace("\r", ""), "");
    }

    @Test
    void theCommandsExitCodeAndOutputAreJbuilds() throws Exception {
        Ended ended = inBox("box", "sh", "-c", "echo out; echo err >&2; exit 42");
        assertThat(ended.code()).isEqualTo(42);
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.err()).contains("err\n");
    }

    @Test
    void userDirectoryVariablesHostsAndVolumesAreAsAskedFor() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.writeString(shared.resolve("f"), "from the host\n");
        String script = "id -u; pwd; echo $A; grep db.example /etc/hosts; cat /v/f; echo x > /v/g || echo read-only";
        Ended ended = inBox(
                "-u",
                "app",
                "-w",
                "/etc",
                "-e",
                "A=b",
                "--add-host",
                "db.example:192.0.2.7",
                "-v",
                shared + ":/v:ro",
                "box",
                "sh",
                "-c",
                script);
        assertThat(ended.out().lines())
                .containsExactly("1000", "/etc", "b", "192.0.2.7\tdb.example", "from the host", "read-only");
        assertThat(inBox("-v", shared + ":/v", "box", "sh", "-c", "echo y > /v/g")
                        .code())
                .isZero();
        assertThat(shared.resolve("g")).hasContent("y\n");
    }

    @Test
    void theResolverIsTheOneThatIsNamed() throws Exception {
        List<String> words = List.of(
                "run",
                "--network=host",
                "--dns=192.0.2.53",
                "--dns-search=example",
                "--dns-option=ndots:3",
                "box",
                "cat",
                "/etc/resolv.conf");
        assertThat(jbuild.run(words).out())
                .contains("nameserver 192.0.2.53\n", "search example\n", "options ndots:3\n")
                .containsOnlyOnce("nameserver");
    }

    @Test
    void aTerminalHasANameASizeAndAShell() throws Exception {
        Ended ended = atTerminal("tty; stty size; exit 7\n", "run", "--network=none", "-it", "box", "sh");
        assertThat(ended.out()).contains("/dev/pts/0\n", "33 99\n");
        assertThat(ended.code()).isEqualTo(7);
    }

    @Test
    void aCommandThatIsInterruptedEndsWithJbuild() throws Exception {
        Path out = Files.createTempFile(directory, "out", "");
        List<String> words = List.of("run", "--network=none", "box", "sh", "-c", "echo started; sleep 1000");
        Process process = jbuild.start(jbuild.program(), Map.of(), words, out, out);
        Distribution.await(out, "started");
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
    }

    @Test
    void aStepThatFailedIsExploredInItsBox() throws Exception {
        Path context = directory.resolve("context");
        Ended ended = atTerminal(
                "cat /tmp/state; echo user $(id -u) in $(pwd) seen $SEEN; exit\n",
                "--network=none",
                "--on-error=shell",
                "-f",
                context.resolve("failing").toString(),
                context.toString());
        assertThat(ended.out())
                .contains("the step failed (exit code 3)", "left\n", "user 1000 in /tmp seen yes\n")
                .contains("did not complete successfully: exit code: 3");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void exploringNeedsATerminal() throws Exception {
        Ended ended = jbuild.run(
                List.of("--on-error=shell", directory.resolve("context").toString()));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--on-error=shell needs a terminal");
    }
}
