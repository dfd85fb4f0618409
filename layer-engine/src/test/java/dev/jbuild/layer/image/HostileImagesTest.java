package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileImagesTest {
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

    @TempDir
    Path folder;

    @Test
    void everyHostileImageIsRefusedByNameAndLeavesNothingOutside() throws IOException {
        Map<String, Path> layouts = HostileImages.writeTo(folder.resolve("images"));
        assertThat(layouts).hasSizeGreaterThan(25);
        Path below = Files.createDirectory(folder.resolve("below"));
        for (Map.Entry<String, Path> layout : layouts.entrySet()) {
            Path place = Files.createDirectory(below.resolve(layout.getKey()));
            assertThatExceptionOfType(RefusedLayerException.class)
                    .as(layout.getKey())
                    .isThrownBy(() -> unpack(layout.getValue(), place))
                    .withMessageMatching("layer sha256:[0-9a-f]{64} is refused: "
                            + Pattern.quote(HostileImages.refusal(layout.getKey())));
        }
        try (var everything = Files.walk(folder)) {
            assertThat(everything.map(Path::getFileName)).doesNotContain(Path.of("escaped"));
        }
    }

    @Test
    void whatLeadsOutByLinksLandsInside() throws IOException {
        Path below = Files.createDirectory(folder.resolve("below"));
        Files.createFile(folder.resolve("kept"));
        Map<String, Path> layouts = HostileImages.writeThoseLeadingOut(folder.resolve("images"));
        for (Map.Entry<String, Path> layout : layouts.entrySet()) {
            unpack(layout.getValue(), Files.createDirectory(below.resolve(layout.getKey())));
        }
        assertThat(layouts).hasSize(6);
        assertThat(folder.resolve("kept")).exists();
        try (var everything = Files.walk(folder)) {
            assertThat(everything.filter(file -> file.endsWith("escaped")).map(below::relativize))
                    .containsExactlyInAnyOrder(
                            Path.of("through-an-absolute-link/rootfs/tmp/escaped"),
                            Path.of("through-a-climbing-link/rootfs/tmp/escaped"),
                            Path.of("through-two-links/rootfs/escaped"));
        }
        assertThat(Path.of("/tmp/escaped")).doesNotExist();
        assertThat(below.resolve("over-a-final-link/rootfs/f")).isRegularFile().hasContent("x");
        assertThat(below.resolve("hard-link-through-a-link/rootfs/h")).hasContent("inside");
    }

    /** Each by the line for which it would not be unpacked. */
    @Test
    void noHostileImageIsValid() throws IOException {
        for (Map.Entry<String, Path> hostile :
                HostileImages.writeTo(folder.resolve("images")).entrySet()) {
            Path place = Files.createDirectory(folder.resolve(hostile.getKey()));
            String refusal = String.valueOf(
                    catchThrowableOfType(RefusedLayerException.class, () -> unpack(hostile.getValue(), place))
                            .getMessage());
            try (OciLayout layout = OciLayout.open(hostile.getValue(), Linux.system())) {
                Descriptor image = layout.index().entries().getFirst().manifest();
                assertThat(new ImageValidator(LayerLimits.defaults()).problems(layout, image))
                        .as(hostile.getKey())
                        .containsExactly(ofAllFileSystems(refusal));
            }
        }
    }

    /** A validator has no file system at hand, and tells what all have. */
    private static String ofAllFileSystems(String refusal) {
        return refusal.replace(
                "its name is longer than this file system takes",
                "a name in its path is longer than file systems take, 255 bytes");
    }

    /** The page says which test holds which guard; a test that is gone or renamed must not stay named there. */
    @Test
    void thePageOfThreatsNamesTestsThatThereAre() throws IOException {
        // Tests run in their module's folder or in that of all modules.
        Path top = Path.of(Files.isDirectory(Path.of("testdata")) ? "" : "..").toAbsolutePath();
        Path page = top.resolve("docs/threats.md");
        assumeTrue(Linux.system().effectiveUid() == 0 || Files.isReadable(page), "this user cannot read the sources");
        Matcher named = NAMED_TEST.matcher(Files.readString(page));
        int count = 0;
        while (named.find()) {
            assertThat(sourceOf(top, named.group(1))).as(named.group()).contains("void " + named.group(2) + "(");
            count++;
        }
        assertThat(count).isGreaterThan(20);
    }

    private static String sourceOf(Path top, String test) throws IOException {
        try (var files = Files.find(
                top,
                12,
                (path, _) -> path.endsWith(test + ".java") && path.toString().contains("/src/test/"))) {
            Path source = files.findFirst().orElseThrow(() -> new AssertionError("no test class " + test));
            return Files.readString(source);
        }
    }

    private static void unpack(Path place, Path folder) throws IOException {
        try (OciLayout layout = OciLayout.open(place, Linux.system())) {
            Descriptor image = layout.index().entries().getFirst().manifest();
            Manifest manifest = Manifest.parse(read(layout, image), image.mediaType(), "manifest " + image.digest());
            ImageConfig config = ImageConfig.parse(read(layout, manifest.config()), "config");
            new ImageUnpacker(Linux.system(), layout, LayerLimits.defaults(), _ -> {})
                    .unpack(manifest, config, folder, "rootfs");
        }
    }

    private static byte[] read(OciLayout layout, Descriptor blob) throws IOException {
        try (InputStream in = layout.open(blob)) {
            return in.readAllBytes();
        }
    }
}
