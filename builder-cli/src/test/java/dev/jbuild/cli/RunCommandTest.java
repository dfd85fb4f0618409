package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.core.api.ContainerRequest;
import dev.jbuild.runtime.StepInput;
import dev.jbuild.runtime.StepMount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Surroundings surroundings() {
        Map<String, String> environment = Map.of(
                "JBUILD_ROOT",
                directory.resolve("store").toString(),
                "HOME",
                directory.toString(),
                "JBUILD_ENTERED",
                "root:",
                "SECRET",
                "of the shell");
        return new Surroundings(
                environment,
                directory,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private ContainerRequest request(String... words) throws UsageException {
        return new RunCommand(new ArgumentParser(Command.RUN).parse(Arrays.asList(words)), surroundings()).request();
    }

    private int number(String... words) {
        err.reset();
        return new Jbuild(surroundings()).number(words);
    }

    @Test
    void whatFollowsTheImageIsTheCommands() throws UsageException {
        ContainerRequest request = request("-e", "A=1", "--rm", "app", "ls", "-t", "--name", "x");
        assertThat(request.image().familiar()).isEqualTo("app:latest");
        assertThat(request.command()).containsExactly("ls", "-t", "--name", "x");
        assertThat(request.environment()).containsExactly("A=1");
        assertThat(request.input()).isEqualTo(new StepInput.Nothing());
    }

    @Test
    void aVariableWithoutAValueIsTheShellsAndNoOtherIsPassed() throws UsageException {
        assertThat(request("-e", "SECRET", "-e", "UNSET", "app").environment()).containsExactly("SECRET=of the shell");
        assertThat(request("app").environment()).isEmpty();
    }

    @Test
    void aVolumeIsAFileOrADirectoryOfTheHost() throws Exception {
        Path file = Files.createFile(directory.resolve("f"));
        assertThat(request("-v", "f:/in/f:ro", "-v", directory + ":/d", "app").mounts())
                .containsExactly(
                        new StepMount.Host("/in/f", file, false, true),
                        new StepMount.Host("/d", directory, true, false));
        assertThatThrownBy(() -> request("-v", "f", "app")).hasMessageContaining("PATH:TARGET");
        assertThatThrownBy(() -> request("-v", "gone:/x", "app")).hasMessageContaining("there is no");
        assertThatThrownBy(() -> request("-v", "f:relative", "app")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> request("-v", "f:/x:maybe", "app")).hasMessageContaining("maybe");
    }

    @Test
    void aTerminalIsThatOfStandardInput() throws UsageException {
        assertThat(request("-it", "app").input()).isInstanceOf(StepInput.Terminal.class);
        assertThat(request("-i", "app").input()).isInstanceOf(StepInput.Stream.class);
    }

    @Test
    void anImageIsNeeded() {
        assertThatThrownBy(() -> request("-e", "A=1"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("image");
    }

    @Test
    @Tag("root")
    void aCommandRunsInTheImageAndItsExitCodeIsJbuilds() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        assumeTrue(Files.isExecutable(BUSYBOX), "needs /bin/busybox: apt install busybox-static");
        Path context = Files.createDirectory(directory.resolve("ctx"));
        Files.copy(BUSYBOX, context.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(context.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /bin/busybox
                ENV A=image B=image
                WORKDIR /work
                ENTRYPOINT ["/bin/busybox", "sh", "-c"]
                CMD ["echo own"]
                """);
        assertThat(number("-q", "-t", "app", "ctx"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        out.reset();
        assertThat(number("run", "--network=none", "app"))
                .satisfies(n ->
                        assertThat(n).as(err.toString(StandardCharsets.UTF_8)).isZero());
        assertThat(number("run", "--network=none", "-e", "B=mine", "app", "echo $A $B; pwd; echo x > f; exit 7"))
                .isEqualTo(7);
        assertThat(number("run", "--network=none", "--entrypoint", "/bin/busybox", "-w", "/", "app", "ls", "/work"))
                .isZero();
        assertThat(out).hasToString("own\nimage mine\n/work\n");
        assertThat(number("run", "--network=none", "--entrypoint=", "app", "/no/such"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("/no/such");
    }
}
