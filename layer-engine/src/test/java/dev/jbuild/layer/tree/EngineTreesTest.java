package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Docker and podman load an image of every type of entry and give the files back, as a container's and as an image of theirs: both are what
 * we unpack. {@code jbuild.engines} says how their command lines are called: {@code -Djbuild.engines=""} as they are, {@code "chroot
 * FOLDER"} where they live elsewhere.
 */
@Tag("peer")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EngineTreesTest {
    private static final String IMAGE = ImageOfTrees.NAME.toString();
    private static final String CONTAINER =
            "jbuild-peer-test-" + ProcessHandle.current().pid();

    /** What an engine makes for a container by itself. */
    private static final List<String> OF_THE_ENGINE = List.of(".dockerenv", "dev", "etc", "proc", "run", "sys");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"docker,true", "podman,true", "podman,false"})
    void aContainerHasOurFiles(String engine, boolean asDockerArchive) throws Exception {
        try (ImageOfTrees image = ImageOfTrees.of(5, folder)) {
            call(engine, Optional.of(image.archive(asDockerArchive)), "load");
            try {
                call(engine, Optional.empty(), "create", "--name", CONTAINER, IMAGE, "/none");
                Path export = call(engine, Optional.empty(), "export", CONTAINER);
                assertThat(asExported(engine, unpacked(export))).isEqualTo(asExported(engine, image.listing()));
            } finally {
                call(engine, Optional.empty(), "rm", CONTAINER);
                call(engine, Optional.empty(), "rmi", IMAGE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"docker,", "podman,--format=oci-archive"})
    void weReadTheImageThatTheEngineSaves(String engine, String format) throws Exception {
        try (ImageOfTrees image = ImageOfTrees.of(6, folder)) {
            call(engine, Optional.of(image.archive(true)), "load");
            try {
                Path saved = format == null
                        ? call(engine, Optional.empty(), "save", IMAGE)
                        : call(engine, Optional.empty(), "save", format, IMAGE);
                Path layout = Files.createDirectory(folder.resolve("saved"));
                unpack(saved, layout);
                try (OciLayout theirs = OciLayout.open(layout, Linux.system())) {
                    Descriptor top = theirs.index().entries().getFirst().manifest();
                    assertThat(ImageOfTrees.listing(theirs, top, folder)).isEqualTo(image.listing());
                }
            } finally {
                call(engine, Optional.empty(), "rmi", IMAGE);
            }
        }
    }

    /** Without what the engine adds. */
    private List<String> unpacked(Path export) throws IOException {
        Path place = Files.createDirectory(folder.resolve("exported"));
        unpack(export, place);
        return ImageOfTrees.listing(place).stream()
                .filter(line -> OF_THE_ENGINE.stream().noneMatch(line::startsWith))
                .toList();
    }

    /** An export is a tar like a layer. */
    private static void unpack(Path tar, Path place) throws IOException {
        try (InputStream in = Files.newInputStream(tar)) {
            TarLayerReader reader = new TarLayerReader(in, LayerLimits.defaults(), tar.toString());
            TreeWriter.unpack(Linux.system(), reader, place, Optional.empty(), LayerLimits.defaults());
        }
    }

    /** Both engines know no time before 1970, and Docker's export of all attributes only capabilities. */
    private static List<String> asExported(String engine, List<String> listing) {
        String unknown = engine.equals("docker") ? "\\{user\\.[^}]*\\}" : "\\{none\\}";
        return listing.stream()
                .map(line -> line.replaceFirst(" -[0-9]+\\.", " 0.").replaceFirst(unknown, "{}"))
                .toList();
    }

    /** Gives what it printed. */
    private Path call(String engine, Optional<Path> input, String... words) throws IOException, InterruptedException {
        String through = System.getProperty("jbuild.engines");
        assumeTrue(through != null, "needs " + engine + ": -Djbuild.engines says how it is called");
        List<String> command = new ArrayList<>(through.isEmpty() ? List.of() : List.of(through.split(" ")));
        command.add(engine);
        command.addAll(List.of(words));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.orElse(Path.of("/dev/null")).toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + Files.readString(err))
                .isZero();
        return out;
    }
}
