package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hostile images of {@code testdata/hostile} by each way in: all are refused by one line that names the image, the layer, the
 * entry and the rule, and nothing of them stays behind.
 */
final class RefusedImagesTest {
    /** In the tests of layer-engine. */
    private static final String WRITER = "dev.jbuild.layer.image.HostileImagesWriter";

    @TempDir
    private Path folder;

    /** What each image is refused for. */
    private final Map<String, String> refusals = new LinkedHashMap<>();

    private InProcessJbuild jbuild;

    @BeforeEach
    void writeThem() throws Exception {
        jbuild = new InProcessJbuild(folder.resolve("store"));
        Path images = folder.resolve("images");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WRITER,
                        images.toString())
                .inheritIO()
                .start();
        assertThat(writer.waitFor()).isZero();
        for (String line : Files.readAllLines(images.resolve("refusals"))) {
            int tab = line.indexOf('\t');
            refusals.put(line.substring(0, tab), line.substring(tab + 1));
        }
        assertThat(refusals).hasSizeGreaterThan(25);
        Files.createDirectory(folder.resolve("context"));
    }

    @AfterEach
    void nothingOfThemIsLeft() throws IOException {
        assertThat(entries("store/trees")).isEmpty();
        try (Stream<Path> sessions = Files.walk(folder.resolve("store/sessions"))) {
            // Once many were made, they lie in folders of their own.
            assertThat(sessions.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(entries("")).containsExactlyInAnyOrder("Dockerfile", "context", "images", "store");
        try (Stream<Path> everything = Files.walk(folder)) {
            assertThat(everything.filter(file -> file.endsWith("escaped"))).isEmpty();
        }
    }

    @Test
    void areNotUnpacked() throws IOException {
        Files.createFile(folder.resolve("Dockerfile"));
        for (String image : refusals.keySet()) {
            InProcessJbuild.Ended ended = jbuild.command(folder, "image", "unpack", "oci:images/" + image, "bundle");
            assertThat(ended.err())
                    .isEqualTo("ERROR: " + refusal(image, " of oci:" + layout(image)) + advice(image) + "\n");
            assertThat(ended.out()).isEmpty();
            assertThat(ended.code()).isEqualTo(ExitCode.REGISTRY);
            assertThat(folder.resolve("bundle")).doesNotExist();
        }
    }

    @Test
    void areNoBases() throws IOException {
        Files.writeString(folder.resolve("Dockerfile"), "FROM base\n");
        for (String image : refusals.keySet()) {
            InProcessJbuild.Ended ended = build(image);
            assertThat(ended.err().lines().toList().getLast())
                    .isEqualTo("ERROR: " + refusal(image, " of base:latest") + advice(image));
            assertThat(ended.code()).isEqualTo(ExitCode.REGISTRY);
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    @Test
    void areNotCopiedFrom() throws IOException {
        Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nCOPY --from=base / /copied/\n");
        for (String image : List.of("name-climbs", "links-without-end", "bomb")) {
            InProcessJbuild.Ended ended = build(image);
            assertThat(ended.err().lines().toList().getLast())
                    .isEqualTo("ERROR: Dockerfile:2: " + refusal(image, " of base:latest") + advice(image));
            assertThat(ended.code()).isEqualTo(ExitCode.REGISTRY);
        }
    }

    @Test
    void areNotValid() throws IOException {
        Files.createFile(folder.resolve("Dockerfile"));
        for (String image : refusals.keySet()) {
            InProcessJbuild.Ended ended = jbuild.command(folder, "image", "validate", "oci:images/" + image);
            assertThat(ended.out())
                    .isEqualTo("oci:images/" + image + ": " + ofAllFileSystems(refusal(image, "")) + "\n");
            assertThat(ended.err()).isEqualTo("ERROR: not valid: oci:images/" + image + "\n");
            assertThat(ended.code()).isEqualTo(ExitCode.BUILD_FAILED);
        }
    }

    /** A validator has no file system at hand, and tells what all have. */
    private static String ofAllFileSystems(String refusal) {
        return refusal.replace(
                "its name is longer than this file system takes",
                "a name in its path is longer than file systems take, 255 bytes");
    }

    private InProcessJbuild.Ended build(String image) {
        return jbuild.command(
                folder,
                "build",
                "--progress=plain",
                "--build-context=base=oci-layout://" + layout(image),
                "--output=type=local,dest=" + folder.resolve("out"),
                "-f=Dockerfile",
                "context");
    }

    private Path layout(String image) {
        return folder.resolve("images").resolve(image);
    }

    private String refusal(String image, String ofWhat) throws IOException {
        return "layer " + layer(image) + ofWhat + " is refused: " + refusals.get(image);
    }

    /** What to do where a limit is the rule. */
    private String advice(String image) {
        String refusal = refusals.getOrDefault(image, "");
        int limit = refusal.indexOf("(max");
        return limit < 0
                ? ""
                : "; --layer-limit " + refusal.substring(limit + 1, refusal.indexOf(')', limit))
                        + "=N lets it have more";
    }

    private String layer(String image) throws IOException {
        try (OciLayout layout = OciLayout.open(layout(image), Linux.system())) {
            Descriptor manifest = layout.index().entries().getFirst().manifest();
            try (InputStream in = layout.open(manifest)) {
                return Manifest.parse(in.readAllBytes(), manifest.mediaType(), "manifest")
                        .layers()
                        .getFirst()
                        .digest()
                        .toString();
            }
        }
    }

    private List<String> entries(String name) throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(name))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
