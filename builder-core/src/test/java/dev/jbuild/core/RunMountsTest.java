package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.Entitlement;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.api.SshAgent;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RUN's mounts from the Dockerfile to the layer, with the real runtime. */
@Tag("root")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunMountsTest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    Path folder;

    private Workplace workplace;

    @BeforeEach
    void openWorkplace() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("needs root: steps run with all their namespaces")
                .isEqualTo("root");
        assumeThat(BUSYBOX).as("needs busybox: apt install busybox-static").isExecutable();
        workplace = new Workplace(folder);
        Files.createDirectories(workplace.context.resolve("base/bin"));
        Files.copy(BUSYBOX, workplace.context.resolve("base/bin/sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(BUSYBOX, workplace.context.resolve("base/bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        workplace.file("base/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        workplace.file("base/tmp/.keep", "");
    }

    @AfterEach
    void closeWorkplace() throws Exception {
        if (workplace != null) {
            workplace.close();
        }
    }

    private BuildRequest.Draft request(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("FROM scratch AS base", "COPY base /"));
        all.addAll(Arrays.asList(lines));
        return workplace.request(all.toArray(String[]::new));
    }

    private void build(String... lines) throws Exception {
        workplace.build(request(lines));
    }

    private static Grants secret(String id, String value) {
        return new Grants(Set.of(), List.of(new Secret(id, value.getBytes(StandardCharsets.UTF_8))), List.of());
    }

    /** The content of a file of the last stage, when its Dockerfile is built. */
    private String result(String file, BuildRequest.Draft request) throws Exception {
        Path out = folder.resolve("out" + System.nanoTime());
        workplace.build(request.output(new Output(Output.Kind.LOCAL, Optional.of(out))));
        return Files.readString(out.resolve(file)).stripTrailing();
    }

    private String result(String file, String... lines) throws Exception {
        return result(file, request(lines));
    }

    private List<String> files(String... lines) throws Exception {
        Path out = folder.resolve("files" + System.nanoTime());
        workplace.build(request(lines).output(new Output(Output.Kind.LOCAL, Optional.of(out))));
        try (var walk = Files.walk(out)) {
            return walk.map(file -> out.relativize(file).toString())
                    .filter(file -> !file.isEmpty() && !file.startsWith("bin") && !file.startsWith("etc"))
                    .sorted()
                    .toList();
        }
    }

    private String refusal(BuildRequest.Draft request) {
        try {
            workplace.build(request);
        } catch (BuildException e) {
            return String.valueOf(e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("the build succeeded");
    }

    // --- bind

    @Test
    void theContextIsSeenWithoutWhatIsIgnoredAsRootsOwn() throws Exception {
        workplace.file("app/main", "m").file("app/secret", "s").file(".dockerignore", "app/secret\n");
        Files.setAttribute(workplace.context.resolve("app/main"), "unix:uid", 1234);
        assertThat(result(
                        "out",
                        "RUN --mount=target=/src,source=app busybox ls /src > /out; "
                                + "busybox stat -c %u:%g /src/main >> /out"))
                .isEqualTo("main\n0:0");
    }

    @Test
    void whatIsWrittenIntoABindIsLostAndWithoutRwRefused() throws Exception {
        workplace.file("app/main", "m");
        assertThat(files("RUN --mount=target=/src,source=app,rw echo x > /src/new && echo y > /src/main"))
                .containsExactly("tmp", "tmp/.keep");
        assertThat(workplace.context.resolve("app/main")).hasContent("m");
        assertThat(workplace.context.resolve("app/new")).doesNotExist();
        assertThat(refusal(request("RUN --mount=target=/src,source=app echo x > /src/new")))
                .contains("exit code: 1");
    }

    @Test
    void aFileIsMountedOnAFileAndLeavesNoStub() throws Exception {
        workplace.file("conf", "c");
        assertThat(files("RUN --mount=target=/opt/app/conf,source=conf busybox cp /opt/app/conf /copy"))
                .containsExactly("copy", "tmp", "tmp/.keep");
    }

    @Test
    void aStageIsMountedWithItsOwners() throws Exception {
        assertThat(result(
                        "out",
                        "FROM base AS made",
                        "RUN echo t > /tool && busybox chown 7:8 /tool",
                        "FROM base AS last",
                        "RUN --mount=from=made,target=/b busybox stat -c %u:%g /b/tool > /out"))
                .isEqualTo("7:8");
    }

    @Test
    void theResultIsCachedByTheContentThatIsMountedNotByItsTimeOrPlace() throws Exception {
        workplace.file("one/f", "same").file("two/f", "same").file("three/f", "other");
        build("RUN --mount=target=/m,source=one busybox cp /m/f /f");
        build("RUN --mount=target=/m,source=two busybox cp /m/f /f");
        assertThat(workplace.heard.cached).anyMatch(step -> step.contains("source=two"));
        build("RUN --mount=target=/m,source=three busybox cp /m/f /f");
        assertThat(workplace.heard.cached).noneMatch(step -> step.contains("source=three"));
    }

    @Test
    void aChangeElsewhereInTheContextKeepsTheResult() throws Exception {
        workplace.file("app/f", "1");
        build("RUN --mount=target=/m,source=app busybox cp /m/f /f");
        workplace.file("elsewhere", "2");
        build("RUN --mount=target=/m,source=app busybox cp /m/f /f");
        assertThat(workplace.heard.cached).anyMatch(step -> step.contains("RUN"));
    }

    @Test
    void aMissingSourceIsAnErrorWithItsLine() throws Exception {
        assertThat(refusal(request("RUN --mount=target=/m,source=none true")))
                .contains("Dockerfile:3:", "\"/none\" is not in the build context");
        assertThat(refusal(request("FROM base", "RUN --mount=from=base,target=/m,source=none true")))
                .contains("Dockerfile:4:", "\"/none\" is not in the filesystem that is mounted from");
    }

    @Test
    void cve20241753ALinkOfTheContextOrAnImageLeadsNowhereElse() throws Exception {
        Path canary = Files.writeString(folder.resolve("canary"), "the host's");
        Files.createSymbolicLink(workplace.context.resolve("link"), canary);
        Files.createSymbolicLink(workplace.context.resolve("base/link"), canary);
        Files.createSymbolicLink(workplace.context.resolve("base/up"), Path.of("../../../../../../" + canary));
        assertThat(refusal(request("RUN --mount=target=/m,source=link busybox cat /m")))
                .contains("is not in the build context");
        for (String link : List.of("link", "up")) {
            assertThat(refusal(
                            request("FROM base", "RUN --mount=from=base,target=/m,source=" + link + " busybox cat /m")))
                    .contains("is not in the filesystem that is mounted from");
        }
    }

    // --- cache

    @Test
    void aCacheIsKeptFromStepToStepAndIsInNoImage() throws Exception {
        assertThat(files(
                        "RUN --mount=type=cache,target=/c echo kept > /c/file",
                        "RUN --mount=type=cache,target=/c busybox cp /c/file /copy"))
                .containsExactly("copy", "tmp", "tmp/.keep");
    }

    @Test
    void noCacheRunsAnewButDoesNotEmptyACache() throws Exception {
        String line = "RUN --mount=type=cache,target=/c echo x >> /c/count; busybox wc -l < /c/count > /count";
        assertThat(result("count", line)).isEqualTo("1");
        assertThat(result("count", request(line).noCache(true))).isEqualTo("2");
    }

    @Test
    void aNewCacheHasItsModeAndOwner() throws Exception {
        assertThat(
                        result(
                                "out",
                                "RUN --mount=type=cache,target=/c,mode=0711,uid=12,gid=13 busybox stat -c '%a %u:%g' /c > /out"))
                .isEqualTo("711 12:13");
    }

    @Test
    void aCacheBeginsWithItsSeedAndThenGoesItsOwnWay() throws Exception {
        workplace.file("base/seed/f", "seeded");
        String[] lines = {
            "FROM base AS last",
            "RUN --mount=type=cache,target=/c,from=base,source=seed busybox cat /c/f > /out; echo more >> /c/f"
        };
        assertThat(result("out", lines)).isEqualTo("seeded");
        assertThat(result("out", request(lines).noCache(true))).isEqualTo("seededmore");
    }

    @Test
    void cve20249675AnIdIsNoPathAndASourceStaysInItsStage() throws Exception {
        Path canary = Files.createDirectory(folder.resolve("canary"));
        build("RUN --mount=type=cache,target=/c,id=../../../../../../../.." + canary + " echo x > /c/x");
        assertThat(canary).isEmptyDirectory();
        assertThat(refusal(request(
                        "FROM base", "RUN --mount=type=cache,target=/c,from=base,source=../../.." + canary + " true")))
                .contains("is not in the filesystem that is mounted from");
    }

    // --- memory

    @Test
    void memoryIsGoneAfterTheStep() throws Exception {
        assertThat(files("RUN --mount=type=tmpfs,target=/t,size=1m echo x > /t/x"))
                .containsExactly("tmp", "tmp/.keep");
        assertThat(refusal(request(
                        "RUN --mount=type=tmpfs,target=/t,size=1m busybox dd if=/dev/zero of=/t/x bs=64k count=32")))
                .contains("exit code");
    }

    // --- mount points

    @Test
    void aMountPointThatTheStepChangedIsTakenAwayUnlessItHoldsMore() throws Exception {
        workplace.file("base/root/.keep", "");
        assertThat(files("RUN --mount=type=cache,target=/root/.cache/a busybox chown -R 33 /root"))
                .containsExactly("root", "root/.keep", "tmp", "tmp/.keep");
        assertThat(files("RUN --mount=type=cache,target=/root/.cache/a echo x > /root/.cache/b"))
                .contains("root/.cache", "root/.cache/b")
                .doesNotContain("root/.cache/a");
    }

    @Test
    void cve202423652ALinkPutInTheWayOfAMountPointHarmsNothing() throws Exception {
        Path canary = Files.createDirectories(folder.resolve("canary/c"));
        build("RUN --mount=type=cache,target=/a/b/c busybox mv /a /x; busybox ln -s " + canary.getParent()
                + " /a; true");
        assertThat(canary).exists();
    }

    // --- secrets

    @Test
    void aSecretIsAFileOrAVariableOfTheStepThatAsks() throws Exception {
        BuildRequest.Draft request = request(
                        "RUN --mount=type=secret,id=s --mount=type=secret,id=s,env=S "
                                + "busybox stat -c '%a %u' /run/secrets/s > /out; "
                                + "test \"$S\" = \"$(busybox cat /run/secrets/s)\" && echo same >> /out",
                        "RUN busybox ls /run 2>/dev/null; echo \"${S-unset}\" >> /out")
                .grants(secret("s", "value"));
        assertThat(result("out", request)).isEqualTo("400 0\nsame\nunset");
    }

    @Test
    void aMissingSecretIsAnErrorOnlyWhenItIsRequired() throws Exception {
        assertThat(refusal(request("RUN --mount=type=secret,id=npm,required true")))
                .contains("Dockerfile:3:", "\"npm\" is required", "--secret id=npm,src=FILE");
        assertThat(result("out", "RUN --mount=type=secret,id=npm test -e /run/secrets/npm || echo none > /out"))
                .isEqualTo("none");
    }

    @Test
    void anotherValueOfASecretKeepsTheResult() throws Exception {
        String line = "RUN --mount=type=secret,id=s true";
        workplace.build(request(line).grants(secret("s", "one")));
        workplace.build(request(line).grants(secret("s", "two")));
        assertThat(workplace.heard.cached).anyMatch(step -> step.contains("RUN"));
    }

    @Test
    void aScriptOfItsOwnInterpreterIsExecuted() throws Exception {
        BuildRequest.Draft request = request("RUN <<EOF", "#!/bin/busybox sh", "echo $0 > /out", "EOF");
        assertThat(result("out", request)).isEqualTo("/dev/pipes/EOF");
        ImageConfig config = workplace.engine.images().config(ImageName.parse("test/image"));
        assertThat(config.history())
                .last()
                .satisfies(
                        entry -> assertThat(entry.createdBy()).isEqualTo("RUN /bin/sh -c /dev/pipes/EOF # buildkit"));
    }

    @Test
    void anAgentThatIsRequiredAndMissingIsAnError() {
        assertThatThrownBy(() -> workplace.build(request("RUN --mount=type=ssh,required true")))
                .hasMessageContaining("--ssh default");
    }

    @Test
    void aStepHasASocketOfItsOwnBeforeTheAgentAndItIsGoneAfterwards() throws Exception {
        Path socket = folder.resolve("agent");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Grants grants = new Grants(Set.of(), List.of(), List.of(new SshAgent("default", List.of(socket))));
            BuildRequest.Draft request = request(
                            "RUN --mount=type=ssh,required,uid=5,mode=0620 busybox stat -c '%F %a %u' $SSH_AUTH_SOCK > /out",
                            "RUN busybox ls /run 2>/dev/null; true")
                    .grants(grants);
            assertThat(result("out", request)).isEqualTo("socket 620 5");
        }
        try (var left = Files.walk(workplace.store)) {
            assertThat(left.filter(file -> file.endsWith("agent"))).isEmpty();
        }
    }

    // --- entitlements

    @Test
    void anAllowedInsecureStepHasAllCapabilitiesAndNoFilter() throws Exception {
        String look = "busybox grep -E '^(CapEff|Seccomp):' /proc/self/status > /out";
        String builders = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        BuildRequest.Draft insecure = request("RUN --security=insecure " + look)
                .grants(new Grants(Set.of(Entitlement.SECURITY_INSECURE), List.of(), List.of()));
        assertThat(result("out", insecure).lines()).containsExactly(builders, "Seccomp:\t0");
        assertThat(result("out", "RUN " + look)).endsWith("Seccomp:\t2");
        assertThat(refusal(request("RUN --security=insecure " + look)))
                .contains("Dockerfile:3:", "--allow security.insecure");
    }

    @Test
    void theHostsNetworkMustBeAllowed() throws Exception {
        String look = "RUN --network=host busybox readlink /proc/self/ns/net > /out";
        assertThat(refusal(request(look))).contains("Dockerfile:3:", "--allow network.host");
        assertThat(result(
                        "out",
                        request(look).grants(new Grants(Set.of(Entitlement.NETWORK_HOST), List.of(), List.of()))))
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    }
}
