package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.api.RunOptions;
import dev.jbuild.core.api.Secret;
import dev.jbuild.oci.ImageName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A secret's value, which nobody could have by chance, is looked for in all that a build leaves or tells. */
@Tag("root")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SecretCanaryTest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path RUNC = Path.of("/usr/bin/runc");

    private static final String[] DOCKERFILE = {
        "FROM scratch",
        "COPY base /",
        "WORKDIR /work",
        "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc busybox cat /root/.npmrc; echo \"$?\" > /out",
        "RUN --mount=type=secret,id=npmrc,env=TOKEN --mount=type=cache,target=/c echo \"$TOKEN\" >&2; echo done > /c/x",
        "RUN --mount=type=secret,id=npmrc,required busybox cat /run/secrets/npmrc | busybox wc -c > /size",
        "RUN --mount=type=secret,id=npmrc,env=T for i in $(busybox seq 200); do echo \"$i:$T:\"; done",
        "LABEL a=b",
    };

    @TempDir
    Path folder;

    private final String canary = UUID.randomUUID().toString().replace("-", "");
    private final Telling told = new Telling();

    @BeforeEach
    void canRun() {
        assumeThat(System.getProperty("user.name")).as("needs root: steps run").isEqualTo("root");
        assumeThat(BUSYBOX).as("needs busybox: apt install busybox-static").isExecutable();
    }

    @Test
    void theCanaryIsFoundNowhere() throws Exception {
        theCanaryIsFoundNowhereAfterStepsOf("embedded");
    }

    @Test
    @Tag("peer")
    void theCanaryIsFoundNowhereWhenAnOciRuntimeWasTold() throws Exception {
        assumeThat(RUNC).as("needs runc: apt install runc").isExecutable();
        theCanaryIsFoundNowhereAfterStepsOf(RUNC.toString());
    }

    private void theCanaryIsFoundNowhereAfterStepsOf(String runtime) throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            build(workplace, runtime);
            search(workplace.store);
            assertThat(workplace.engine.images().inspect(ImageName.parse("test/image")))
                    .satisfies(this::requireClean);
        }
        search(folder);
        requireClean(told.everything.toByteArray());
        assertThat(told.everything.toString(StandardCharsets.UTF_8))
                .as("the step did print it")
                .contains("200:***");
    }

    @Test
    void theCanaryOfAStepThatFailsIsFoundNowhere() throws Exception {
        theCanaryIsFoundNowhereAfter(
                "RUN --mount=type=secret,id=npmrc,target=/s --mount=type=secret,id=npmrc,env=T "
                        + "echo \"$T\" > /written; busybox cat /s; echo \"at last: $T\" >&2; exit 7",
                "exit code: 7");
        assertThat(told.everything.toString(StandardCharsets.UTF_8))
                .as("the step did print it")
                .contains("at last: ***");
    }

    @Test
    void aCommandThatIsNotThereTellsNoneOfItsEnvironment() throws Exception {
        theCanaryIsFoundNowhereAfter("RUN --mount=type=secret,id=npmrc,env=T [\"/not/there\", \"$T\"]", "/not/there");
    }

    private void theCanaryIsFoundNowhereAfter(String failing, String message) throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            BuildRequest request =
                    request(workplace, "FROM scratch", "COPY base /", failing).build();
            assertThatThrownBy(() -> workplace.engine.build(request, told))
                    .hasMessageContaining(message)
                    .satisfies(failure -> requireClean(stackTrace(failure)));
            search(workplace.store);
        }
        requireClean(told.everything.toByteArray());
    }

    private static byte[] stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private BuildRequest.Draft request(Workplace workplace, String... dockerfile) throws IOException {
        Files.createDirectories(workplace.context.resolve("base/bin"));
        for (String name : List.of("sh", "busybox")) {
            Files.copy(BUSYBOX, workplace.context.resolve("base/bin/" + name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Secret secret = new Secret("npmrc", (canary + "\n").getBytes(StandardCharsets.UTF_8));
        return workplace.request(dockerfile).grants(new Grants(Set.of(), List.of(secret), List.of()));
    }

    private void build(Workplace workplace, String runtime) throws Exception {
        BuildRequest request = request(workplace, DOCKERFILE)
                .run(new RunOptions("none", runtime, List.of()))
                .tag(ImageName.parse("test/image"))
                .output(new Output(Output.Kind.OCI, Optional.of(folder.resolve("image.tar"))))
                .output(new Output(Output.Kind.LOCAL, Optional.of(folder.resolve("files"))))
                .build();
        workplace.engine.build(request, told);
        assertThat(Files.readString(folder.resolve("files/size")).strip()).isEqualTo("33");
    }

    private void search(Path root) throws IOException {
        int files = 0;
        try (var walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString()).doesNotContain(canary);
                requireClean(Files.readAllBytes(file));
                files++;
            }
        }
        assertThat(files).as("files searched").isPositive();
    }

    /** Raw, in Base64 at any place of a group of three, in hexadecimal, and in every gzip that begins anywhere. */
    private void requireClean(byte[] bytes) {
        requireAbsent(new String(bytes, StandardCharsets.ISO_8859_1));
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (bytes[i] == 0x1f && bytes[i + 1] == (byte) 0x8b && bytes[i + 2] == 8) {
                requireAbsent(expanded(bytes, i));
            }
        }
    }

    private void requireAbsent(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        byte[] raw = canary.getBytes(StandardCharsets.US_ASCII);
        assertThat(lower.contains(canary)).as("raw").isFalse();
        assertThat(lower.contains(HexFormat.of().formatHex(raw))).as("hex").isFalse();
        for (String form : base64(raw)) {
            assertThat(text.contains(form)).as("base64").isFalse();
        }
    }

    /** What all texts of Base64 have in common that hold the value, for each of the three places where it may begin. */
    private static List<String> base64(byte[] raw) {
        List<String> forms = new ArrayList<>();
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + raw.length];
            System.arraycopy(raw, 0, shifted, before, raw.length);
            String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            forms.add(whole.substring(before == 0 ? 0 : before + 1, whole.length() - 2));
        }
        return forms;
    }

    private static String expanded(byte[] bytes, int from) {
        ByteArrayOutputStream expanded = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from))) {
            in.transferTo(expanded);
        } catch (IOException notGzipToItsEnd) {
            // What came before is searched all the same: the bytes after a member are another file's.
            return expanded.toString(StandardCharsets.ISO_8859_1);
        }
        return expanded.toString(StandardCharsets.ISO_8859_1);
    }

    /** Keeps every byte that a build tells. */
    private static final class Telling implements BuildListener {
        private final ByteArrayOutputStream everything = new ByteArrayOutputStream();

        private synchronized void tell(String text) {
            everything.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void started(int vertex, String name) {
            tell(name);
        }

        @Override
        public synchronized void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {
            everything.write(buffer, offset, length);
        }

        @Override
        public void cached(int vertex) {}

        @Override
        public void done(int vertex, Duration took) {}

        @Override
        public void failed(int vertex, String message) {
            tell(message);
        }

        @Override
        public void note(String text) {
            tell(text);
        }
    }
}
