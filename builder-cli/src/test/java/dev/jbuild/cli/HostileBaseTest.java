package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds on base images that lay traps: each is built as if nothing were the matter, or refused in one line that names
 * the trap; none waits, and nothing outside of the image is read or touched.
 */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileBaseTest {
    private static final String CANARY = "the host's own";

    @TempDir
    Path folder;

    private final HostileBase base = new HostileBase();
    private Path outside;
    private int builds;

    HostileBaseTest() throws IOException {}

    @BeforeEach
    void makePlace() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("needs root: steps run with all their namespaces")
                .isEqualTo("root");
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("canary"), CANARY);
        Files.writeString(outside.resolve("passwd"), "app:x:4242:4242::/:/bin/sh\n");
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("file"), "of the context\n");
    }

    @AfterEach
    void nothingOutsideIsTouched() throws IOException {
        if (outside == null) {
            return;
        }
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("canary", "passwd");
        }
        assertThat(outside.resolve("canary")).hasContent(CANARY);
    }

    private InProcessJbuild.Ended jbuild(String... words) {
        return new InProcessJbuild(folder.resolve("store")).command(folder, words);
    }

    private InProcessJbuild.Ended build(Path out, HostileBase on, String... lines) throws IOException {
        Path layout = folder.resolve("layout" + builds++);
        on.writeTo(layout);
        List<String> dockerfile = new ArrayList<>(List.of("FROM hostile"));
        dockerfile.addAll(Arrays.asList(lines));
        Files.write(folder.resolve("Dockerfile"), dockerfile);
        return jbuild(
                "build",
                "--progress=plain",
                "--build-context=hostile=oci-layout://" + layout,
                "--output=type=local,dest=" + out,
                "-t=built",
                "-f=Dockerfile",
                "context");
    }

    /** The root of the image, whose every claim is true. */
    private Path built(HostileBase on, String... lines) throws IOException {
        Path out = folder.resolve("out" + builds);
        InProcessJbuild.Ended ended = build(out, on, lines);
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        assertThat(jbuild("image", "validate", "built").code()).isEqualTo(ExitCode.OK);
        return out;
    }

    /** The one line in which it is refused, as a failure of the build. */
    private String refusal(HostileBase on, String... lines) throws IOException {
        return refusal(ExitCode.BUILD_FAILED, on, lines);
    }

    private String refusal(ExitCode code, HostileBase on, String... lines) throws IOException {
        InProcessJbuild.Ended ended = build(folder.resolve("none"), on, lines);
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        String last = ended.err().lines().toList().getLast();
        assertThat(last).startsWith("ERROR: ");
        return last;
    }

    // --- users and groups

    @Test
    void aPasswdThatIsAFifoIsNotWaitedFor() throws Exception {
        base.fifo("etc/passwd").fifo("etc/group");

        assertThat(built(base, "RUN echo x > /out")).isDirectoryContaining("glob:**/out");
        assertThat(refusal(base, "USER app", "RUN true")).contains("the image has no user \"app\"");
        assertThat(refusal(base, "COPY --chown=:staff file /")).contains("the image has no group \"staff\"");
    }

    @Test
    void aPasswdOf64MebibytesIsRefusedUnread() throws Exception {
        base.file("etc/passwd", 0644, new byte[64 << 20]);

        assertThat(refusal(base, "RUN true"))
                .contains("/etc/passwd of the image has 67108864 bytes; the limit is 1048576");
        assertThat(refusal(base, "COPY --chown=app file /")).contains("/etc/passwd of the image", "67108864");
    }

    @Test
    void aPasswdOfAsManyUsersAsFitIsReadInTime() throws Exception {
        String users = IntStream.range(0, 55_000)
                .mapToObj(i -> "u%05d:x:7:7::\n".formatted(i))
                .collect(Collectors.joining());
        base.file("etc/passwd", users).file("etc/group", ":::,,,,\n\n::\n" + "g:x:9:" + "u00001,".repeat(100_000));

        assertThat(built(base, "USER u00001", "RUN busybox id -u > /tmp/out && busybox id -G >> /tmp/out")
                        .resolve("tmp/out"))
                .hasContent("7\n7 9\n");
        assertThat(refusal(base, "USER u99999", "RUN true")).contains("the image has no user \"u99999\"");
    }

    @Test
    void aPasswdThatLinksToTheHostNamesNobodyOfTheHosts() throws Exception {
        base.link("etc/passwd", outside.resolve("passwd").toString());

        assertThat(refusal(base, "USER app", "RUN true")).contains("the image has no user \"app\"");
        assertThat(refusal(base, "COPY --chown=app file /")).contains("the image has no user \"app\"");
    }

    // --- links in the places where the box mounts, and where files go

    @Test
    void aProcDevOrSysThatIsNoDirectoryIsRefused() throws Exception {
        for (String place : List.of("proc", "dev", "sys")) {
            String named = "/" + place + " of the image";
            assertThat(refusal(new HostileBase().link(place, outside.toString()), "RUN true"))
                    .contains(named);
            assertThat(refusal(new HostileBase().link(place, place), "RUN true"))
                    .contains(named);
            assertThat(refusal(new HostileBase().file(place, "x"), "RUN true")).contains(named);
            assertThat(refusal(new HostileBase().fifo(place), "RUN true")).contains(named);
        }
    }

    @Test
    void filesForAProcDevOrSysThatLinksToTheHostLandInTheImage() throws Exception {
        base.link("proc", outside.toString()).link("dev", outside.toString());

        Path root = built(base, "COPY file /proc/", "COPY file /dev/other", "WORKDIR /dev/made");
        assertThat(root.resolve("proc")).isSymbolicLink();
        assertThat(inside(root, "file")).hasContent("of the context");
        assertThat(inside(root, "other")).hasContent("of the context");
        assertThat(inside(root, "made")).isDirectory();
    }

    private Path inside(Path root, String file) {
        return root.resolve(outside.toString().substring(1)).resolve(file);
    }

    @Test
    void anEtcThatLinksToTheHostIsAPlaceInTheImage() throws Exception {
        base.link("etc", outside.toString());

        Path root = built(
                base,
                "RUN busybox cat /etc/hosts > /hosts; echo x > /etc/mine; test ! -e /etc/canary",
                "COPY file /etc/");
        assertThat(root.resolve("hosts")).content().contains("localhost");
        assertThat(inside(root, "mine")).hasContent("x");
        assertThat(inside(root, "file")).hasContent("of the context");
        assertThat(refusal(base, "USER app", "RUN true")).contains("the image has no user \"app\"");
    }

    @Test
    void anEtcThatLinksToItselfIsRefused() throws Exception {
        base.link("etc", "etc");

        assertThat(refusal(base, "RUN true")).contains("/etc/passwd: more than 40 symbolic links");
        assertThat(refusal(base, "COPY file /etc/", "RUN true")).contains("/etc: more than 40 symbolic links");
        assertThat(refusal(base, "COPY --chown=app file /")).contains("/etc/passwd");
    }

    @Test
    void linksThatLeadInACircleEnd() throws Exception {
        base.link("a", "b").link("b", "c/d").link("c", "a");

        assertThat(refusal(base, "COPY file /a/", "RUN true")).contains("/a: more than 40 symbolic links");
        assertThat(refusal(base, "WORKDIR /b", "RUN true")).contains("/b: more than 40 symbolic links");
        assertThat(refusal(base, "WORKDIR /c/x", "RUN true")).contains("/c/x: more than 40 symbolic links");
    }

    // --- triggers

    @Test
    void aTriggerCannotReadTheHost() throws Exception {
        base.config("OnBuild", List.of("COPY ../../../../../../../../" + outside + "/canary /stolen"));

        assertThat(refusal(base)).contains("canary\" is not in the build context");
    }

    @Test
    void aTriggerCannotTakePrivilegesOrSecretsThatNobodyGave() throws Exception {
        base.config("OnBuild", List.of("RUN --security=insecure true"));
        assertThat(refusal(base)).contains("security.insecure");

        assertThat(refusalOf("RUN --network=host true")).contains("network.host");
        assertThat(refusalOf("RUN --mount=type=secret,id=password,required cat /run/secrets/password"))
                .contains("password");
        assertThat(refusalOf("RUN --mount=type=ssh,required true")).contains("ssh");
        assertThat(refusalOf("RUN --device=all true")).contains("device");
    }

    private String refusalOf(String trigger) throws IOException {
        return refusal(new HostileBase().config("OnBuild", List.of(trigger)));
    }

    @Test
    void triggersThatAreNoInstructionsAreRefused() throws Exception {
        for (String trigger : List.of(
                "",
                " ",
                "FROM scratch",
                "ONBUILD RUN true",
                "MAINTAINER x",
                "NONSENSE",
                "COPY",
                "RUN <<EOF\ntrue",
                "RUN true\nFROM scratch\nCOPY --from=0 / /",
                "# syntax=other",
                "\0",
                "RUN true\0",
                "COPY --from=no/such:image@sha256:x / /",
                "RUN " + "x".repeat(2 << 20))) {
            refusalOf(trigger);
        }
    }

    @Test
    void thousandsOfTriggersAreNoTrouble() throws Exception {
        base.config("OnBuild", Stream.generate(() -> "ENV a=b").limit(20_000).toList());

        assertThat(built(base)).isDirectory();
    }

    // --- the environment

    @Test
    void variablesWithoutNameOrValueAreRefused() throws Exception {
        for (String entry : List.of("", "=", "=x", "NAME", "A\0=x", "A=x\0LD_PRELOAD=y")) {
            HostileBase odd = new HostileBase().config("Env", List.of("PATH=/bin", entry));
            assertThat(refusal(ExitCode.REGISTRY, odd, "RUN true")).contains("Env entry is not NAME=value");
        }
    }

    @Test
    void variablesOfTheLoaderReachTheStepAndNothingElse() throws Exception {
        Path evil = outside.resolve("canary");
        base.config(
                "Env",
                List.of(
                        "PATH=/bin",
                        "LD_PRELOAD=" + evil,
                        "LD_LIBRARY_PATH=" + outside,
                        "JAVA_TOOL_OPTIONS=-javaagent:" + evil,
                        "JBUILD_ENTERED=root:",
                        "BASH_ENV=/x",
                        "ENV=/x",
                        "TMPDIR=" + outside,
                        "HOME=" + outside,
                        "IFS=/"));

        assertThat(built(base, "RUN busybox cat /proc/$$/environ > /tmp/env").resolve("tmp/env"))
                .content()
                .contains("LD_PRELOAD=" + evil, "JBUILD_ENTERED=root:", "HOME=" + outside);
    }

    @Test
    void oddNamesAndValuesReachTheStepAsTheyAreAndAreNeverRun() throws Exception {
        base.config("Env", List.of("PATH=/bin", "a b=c d", "$(touch /x)=`touch /y`", "é\n=\n=", "A=1", "A=2"));

        Path root = built(base, "RUN [\"busybox\", \"cp\", \"/proc/self/environ\", \"/tmp/env\"]");
        assertThat(Files.readString(root.resolve("tmp/env")).split("\0"))
                .contains("a b=c d", "$(touch /x)=`touch /y`", "é\n=\n=", "A=2")
                .doesNotContain("A=1");
        assertThat(root.resolve("x")).doesNotExist();
        assertThat(root.resolve("y")).doesNotExist();
    }

    @Test
    void tenThousandVariablesAreNoTrouble() throws Exception {
        List<String> many = new ArrayList<>(List.of("PATH=/bin"));
        IntStream.range(0, 10_000).mapToObj(i -> "V" + i + "=" + i).forEach(many::add);
        base.config("Env", many);

        assertThat(built(base, "RUN echo $V9999 > /tmp/out", "ENV W=$V1", "LABEL l=$V2$W")
                        .resolve("tmp/out"))
                .hasContent("9999");
    }

    @Test
    void anEnvironmentThatTheKernelCannotTakeIsTold() throws Exception {
        base.config("Env", List.of("PATH=/bin", "HUGE=" + "x".repeat(200_000)));

        assertThat(refusal(base, "RUN true")).contains("could not be started");
    }

    // --- user, directory, shell

    @Test
    void usersThatAreNoneAreRefused() throws Exception {
        for (String user : List.of(
                "4294967295",
                "-1",
                "../../etc/passwd",
                "root:root:root",
                "root\n",
                "0x0",
                " ",
                ":nobody",
                "app:" + "9".repeat(30))) {
            assertThat(refusal(new HostileBase().config("User", user), "RUN true"))
                    .contains("the image has no");
        }
    }

    @Test
    void cve202421626AWorkingDirectoryThatIsADescriptorLeadsNowhere() throws Exception {
        for (int fd = 3; fd < 12; fd++) {
            String descriptor = "/proc/self/fd/" + fd;
            HostileBase there = new HostileBase().config("WorkingDir", descriptor);
            assertThat(refusal(there, "RUN busybox ls ../../../../..")).contains(descriptor);
        }
        assertThat(refusal(base, "WORKDIR /proc/self/fd/7", "RUN busybox ls ../../../../.."))
                .contains("/proc/self/fd/7");
    }

    @Test
    void aWorkingDirectoryThatClimbsOrIsRelativeStaysInside() throws Exception {
        base.config("WorkingDir", "../../../../.." + outside);

        Path root =
                built(base, "RUN pwd > /tmp/pwd; echo x > made", "COPY file copied", "WORKDIR ../..", "COPY file up");
        assertThat(root.resolve("tmp/pwd")).hasContent(outside.toString());
        assertThat(inside(root, "made")).hasContent("x");
        assertThat(inside(root, "copied")).exists();
    }

    @Test
    void userDirectoryShellAndCommandsWithANulAreRefused() throws Exception {
        assertThat(refusal(ExitCode.REGISTRY, new HostileBase().config("WorkingDir", "/a\0b"), "COPY file x"))
                .contains("WorkingDir holds a NUL");
        assertThat(refusal(ExitCode.REGISTRY, new HostileBase().config("User", "root\0x"), "RUN true"))
                .contains("User holds a NUL");
        for (String list : List.of("Shell", "Entrypoint", "Cmd")) {
            assertThat(refusal(ExitCode.REGISTRY, new HostileBase().config(list, List.of("sh", "\0")), "RUN true"))
                    .contains(list + " holds a NUL");
        }
    }

    @Test
    void aShellWithoutAProgramIsTold() throws Exception {
        assertThat(refusal(base.config("Shell", List.of("", "")), "RUN true")).contains("RUN has no program to start");
        assertThat(refusal(base.config("Shell", List.of("/etc/passwd")), "RUN true"))
                .contains("Permission denied");
        assertThat(refusal(base.config("Shell", List.of("/proc/self/exe")), "RUN true"))
                .contains("/proc/self/exe");
    }
}
