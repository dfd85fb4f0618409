package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Distribution.Ended;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.registry.Credentials;
import dev.jbuild.registry.DebianRegistry;
import dev.jbuild.registry.Document;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.Repository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The main job end to end: a Debian base in a real registry, two stages with packages and a user, pushed under two names,
 * and taken by the tools that users have.
 */
@Tag("root")
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MainJobIT {
    private static final Path CONTEXT = Path.of(System.getProperty("jbuild.testdata"), "main-job", "context");

    private Path directory;
    private Distribution jbuild;
    private DebianRegistry registry;
    private RegistryClient client;
    private ImageName image;
    private Ended built;

    @BeforeAll
    void buildAndPush() throws Exception {
        for (String program : List.of("mmdebstrap", "umoci", "skopeo")) {
            assumeTrue(isInstalled(program), program + " is not installed (Debian's package of that name)");
        }
        assumeTrue(effectiveUid().equals("0"), "only root can make a Debian base with mmdebstrap here");
        directory = Files.createTempDirectory("jbuild-main-job-");
        jbuild = Distribution.ofThisBuild(directory);
        registry = DebianRegistry.start(directory);
        client = new RegistryClient(RegistryOptions.defaults(), Credentials.NONE);
        pushBase(name("debian:base"));
        image = name("main/job:1");
        built = build(
                "--push", "-t", image.toString(), "-t", name("main/job:latest").toString());
    }

    @AfterAll
    void removeAll() throws Exception {
        if (registry != null) {
            client.close();
            registry.close();
        }
        if (directory != null) {
            sh("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    @Test
    void showsItsStepsAndPushesBothNames() throws Exception {
        assertThat(built.code()).as(built.err()).isZero();
        assertThat(built.err()).contains("[build 2/5] RUN apt-get update").contains("[stage-1 2/5] RUN useradd");
        Descriptor first = repository().head("1").orElseThrow();
        assertThat(repository().head("latest")).contains(first);
    }

    @Test
    void everythingThatThePushedImageClaimsHolds() throws Exception {
        Descriptor manifest = repository().head("1").orElseThrow();
        BlobSource pushed = blob -> MediaTypes.isManifest(blob.mediaType())
                ? new ByteArrayInputStream(
                        repository().manifest(blob.digest().toString()).bytes())
                : repository().open(blob);
        new ImageValidator(LayerLimits.defaults()).requireValid(pushed, manifest);
    }

    @Test
    void configSaysWhatTheDockerfileSays() throws Exception {
        ImageConfig config = config();
        assertThat(config.config().user()).isEqualTo("app");
        assertThat(config.config().workingDir()).isEqualTo("/srv/app");
        assertThat(config.config().env())
                .contains("APP_HOME=/srv/app", "LANG=C.UTF-8")
                .noneMatch(e -> e.startsWith("STAGE"));
        assertThat(config.config().exposedPorts()).containsExactly("8080/tcp", "9090/udp");
        assertThat(config.config().labels()).containsEntry("stage", "final one");
        assertThat(config.config().entrypoint()).startsWith("/bin/sh", "-c");
        assertThat(config.config().cmd()).containsExactly("argument");
    }

    @Test
    void umociUnpacksTheFilesWithTheirOwners() throws Exception {
        Path layout = directory.resolve("layout");
        sh("skopeo", "copy", "--src-tls-verify=false", "docker://" + image, "oci:" + layout + ":app");
        Path bundle = directory.resolve("bundle");
        sh("umoci", "unpack", "--image", layout + ":app", bundle.toString());
        Path app = bundle.resolve("rootfs/srv/app");
        assertThat(app.resolve("greeting")).hasContent("hi there, world\n");
        assertThat(app.resolve("size")).hasContent("16\n");
        assertThat(app.resolve("conf/app.conf")).hasContent("key = value\n");
        assertThat(Files.getAttribute(app.resolve("conf/app.conf"), "unix:uid")).isEqualTo(1234);
        assertThat(app.resolve("conf/private.key")).doesNotExist();
        assertThat(bundle.resolve("rootfs/usr/bin/jq")).doesNotExist();
        assertThat(Files.isSymbolicLink(bundle.resolve("rootfs/bin"))).isTrue();
    }

    @Test
    void aSecondBuildIsCachedAndGivesTheSameImage() throws Exception {
        Descriptor before = repository().head("1").orElseThrow();
        Ended again = build("--push", "-t", image.toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("CACHED").doesNotContain("Reading package lists");
        assertThat(repository().head("1")).contains(before);
    }

    @Test
    void theSameImageLeavesAsArchivesAndDirectories() throws Exception {
        Path oci = directory.resolve("image.oci.tar");
        Path docker = directory.resolve("image.docker.tar");
        Path tar = directory.resolve("rootfs.tar");
        Path local = directory.resolve("rootfs");
        Ended ended = build(
                "-t", image.toString(),
                "-o", "type=oci,dest=" + oci,
                "-o", "type=docker,dest=" + docker,
                "-o", "type=tar,dest=" + tar,
                "-o", "type=local,dest=" + local);
        assertThat(ended.code()).as(ended.err()).isZero();
        String pushed = repository().head("1").orElseThrow().digest().toString();
        assertThat(sh("skopeo", "inspect", "--format", "{{.Digest}}", "oci-archive:" + oci)
                        .strip())
                .isEqualTo(pushed);
        assertThat(sh("skopeo", "inspect", "--format", "{{.Architecture}}", "docker-archive:" + docker))
                .isNotBlank();
        assertThat(sh("tar", "-tf", tar.toString())).contains("srv/app/greeting");
        assertThat(local.resolve("srv/app/greeting")).hasContent("hi there, world\n");
    }

    private Ended build(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "-f",
                CONTEXT.resolve("Dockerfile").toString(),
                "--network=host",
                "--build-arg",
                "BASE=" + name("debian:base"),
                "--build-arg",
                "GREETING=hi there"));
        all.addAll(List.of(words));
        all.add(CONTEXT.toString());
        return jbuild.run(jbuild.program(), Map.of(), all);
    }

    private ImageName name(String rest) {
        return ImageName.parse(registry.host() + "/" + rest);
    }

    private Repository repository() {
        return client.repository(image);
    }

    private ImageConfig config() throws IOException {
        Document document = repository().manifest("1");
        Manifest manifest =
                Manifest.parse(document.bytes(), document.descriptor().mediaType(), "manifest");
        try (InputStream in = repository().open(manifest.config())) {
            return ImageConfig.parse(in.readAllBytes(), "config");
        }
    }

    /** A minimal Debian from the mirror that this machine's own apt uses, pushed by skopeo as umoci packs it. */
    private void pushBase(ImageName name) throws Exception {
        Path layout = directory.resolve("base");
        Path bundle = directory.resolve("base-bundle");
        sh("umoci", "init", "--layout", layout.toString());
        sh("umoci", "new", "--image", layout + ":base");
        sh("umoci", "unpack", "--image", layout + ":base", bundle.toString());
        sh(
                "mmdebstrap",
                "--variant=minbase",
                "--quiet",
                "bookworm",
                directory.resolve("base.tar").toString(),
                mirror());
        sh(
                "tar",
                "-C",
                bundle.resolve("rootfs").toString(),
                "-xpf",
                directory.resolve("base.tar").toString());
        sh("umoci", "repack", "--image", layout + ":base", bundle.toString());
        sh("skopeo", "copy", "--dest-tls-verify=false", "oci:" + layout + ":base", "docker://" + name);
    }

    private static String mirror() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(Path.of("/etc/apt/sources.list")));
        try (Stream<Path> more = Files.list(Path.of("/etc/apt/sources.list.d"))) {
            more.forEach(sources::add);
        }
        for (Path source : sources) {
            for (String line : Files.exists(source) ? Files.readAllLines(source) : List.<String>of()) {
                int start = line.indexOf("http");
                boolean isDebian = line.contains("debian") && !line.contains("security");
                if (start > 0 && isDebian && (line.startsWith("deb ") || line.startsWith("URIs:"))) {
                    return line.substring(start).split("\\s+", 2)[0];
                }
            }
        }
        throw new IOException("this machine's apt names no mirror");
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    private static String effectiveUid() throws Exception {
        return sh("id", "-u").strip();
    }

    private static String sh(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", words) + "\n" + output)
                .isZero();
        return output;
    }
}
