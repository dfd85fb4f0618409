package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.Annotation.Place;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.api.Output;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms that one result is written in, and images of several platforms. */
class ExportTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM64 = Platform.parse("linux/arm64");

    @TempDir
    Path folder;

    @Test
    void layersAreCompressedAsAsked() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            for (Compression compression :
                    List.of(Compression.NONE, Compression.ZSTD, new Compression(Compression.Format.GZIP, 9))) {
                BuildResult result = workplace.build(workplace
                        .request("FROM scratch", "COPY x /")
                        .form(new ImageForm(compression, false, false, true, List.of())));

                assertThat(manifest(workplace, result.manifest()).layers())
                        .extracting(Descriptor::mediaType)
                        .containsExactly(compression.mediaType());
            }
        }
    }

    @Test
    void theLayersOfABaseAreCompressedAnewOnlyWhenForced() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            workplace.engine.build(
                    workplace
                            .request("FROM scratch", "COPY x /base")
                            .tag(ImageName.parse("base"))
                            .build(),
                    workplace.heard);
            BuildRequest.Draft plain = workplace.request("FROM base", "COPY x /");

            assertThat(types(workplace, workplace.build(plain.form(zstd(false)))))
                    .containsExactly(MediaTypes.OCI_LAYER_GZIP, MediaTypes.OCI_LAYER_ZSTD);
            assertThat(types(workplace, workplace.build(plain.form(zstd(true)))))
                    .containsExactly(MediaTypes.OCI_LAYER_ZSTD, MediaTypes.OCI_LAYER_ZSTD);
        }
    }

    @Test
    void dockersMediaTypesAreOneFamily() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            BuildResult result = workplace.build(workplace
                    .request("FROM scratch", "COPY x /")
                    .form(new ImageForm(Compression.GZIP, false, false, false, List.of())));
            Manifest manifest = manifest(workplace, result.manifest());

            assertThat(result.manifest().mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
            assertThat(manifest.config().mediaType()).isEqualTo(MediaTypes.DOCKER_CONFIG);
            assertThat(manifest.layers().getFirst().mediaType()).isEqualTo(MediaTypes.DOCKER_LAYER_GZIP);
        }
    }

    @Test
    void noFileIsNewerThanTheEpochWhenTimesAreRewritten() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("new", "").file("old", "")) {
            Files.setLastModifiedTime(workplace.context.resolve("new"), FileTime.fromMillis(2_000_500));
            Files.setLastModifiedTime(workplace.context.resolve("old"), FileTime.fromMillis(500_000));
            BuildRequest.Draft request =
                    workplace.request("FROM scratch", "COPY new old /d/").sourceDateEpoch(1000);

            assertThat(times(workplace, workplace.build(request)))
                    .containsExactly(Map.entry("d", 1000L), Map.entry("d/new", 2000L), Map.entry("d/old", 500L));
            BuildResult rewritten =
                    workplace.build(request.form(new ImageForm(Compression.GZIP, false, true, true, List.of())));
            assertThat(times(workplace, rewritten))
                    .containsExactly(Map.entry("d", 1000L), Map.entry("d/new", 1000L), Map.entry("d/old", 500L));
        }
    }

    @Test
    void annotationsOfTheManifestAreInIt() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            BuildResult result = workplace.build(workplace
                    .request("FROM scratch", "COPY x /")
                    .form(annotated(
                            new Annotation(Place.MANIFEST, Optional.empty(), "all", "1"),
                            new Annotation(Place.MANIFEST, Optional.of(Platform.parse("linux/s390x")), "other", "2"))));

            assertThat(manifest(workplace, result.manifest()).annotations()).containsExactly(Map.entry("all", "1"));
        }
    }

    @Test
    void anAnnotationOfAnIndexThatThereIsNotIsRefused() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            BuildRequest.Draft request = workplace
                    .request("FROM scratch", "COPY x /")
                    .form(annotated(new Annotation(Place.INDEX, Optional.empty(), "k", "v")));

            assertThatThrownBy(() -> workplace.build(request))
                    .isInstanceOf(BuildException.class)
                    .hasMessage("index annotations need an image of several platforms; one platform has no index");
        }
    }

    @Test
    void severalPlatformsMakeAnIndexOfWhatEachPlanMakes() throws Exception {
        try (Workplace workplace =
                new Workplace(folder).file("linux/amd64", "a").file("linux/arm64", "b")) {
            BuildResult result = workplace.build(workplace
                    .request("FROM scratch", "ARG TARGETPLATFORM", "COPY $TARGETPLATFORM /for")
                    .platform(AMD64)
                    .platform(ARM64)
                    .form(annotated(
                            new Annotation(Place.INDEX, Optional.empty(), "i", "1"),
                            new Annotation(Place.MANIFEST_DESCRIPTOR, Optional.of(ARM64), "d", "2"))));
            Index index = index(workplace, result.manifest());

            assertThat(result.isIndex()).isTrue();
            assertThat(index.annotations()).containsExactly(Map.entry("i", "1"));
            assertThat(index.entries())
                    .extracting(entry -> entry.platform().orElseThrow())
                    .containsExactly(AMD64, ARM64);
            assertThat(index.entries())
                    .extracting(entry -> entry.manifest().annotations())
                    .containsExactly(Map.of(), Map.of("d", "2"));
            for (Index.Entry entry : index.entries()) {
                assertThat(config(workplace, entry.manifest()).platform())
                        .isEqualTo(entry.platform().orElseThrow());
            }
            assertThat(workplace.heard.done).contains("[linux/arm64 1/1] COPY $TARGETPLATFORM /for");
        }
    }

    @Test
    void anIndexIsListedInspectedAndWrittenAsAFolder() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            Path out = folder.resolve("layout");
            BuildResult result = workplace.build(workplace
                    .request("FROM scratch", "COPY x /")
                    .platform(Platform.parse("linux/s390x"))
                    .platform(Platform.parse("linux/riscv64"))
                    .output(new Output(Output.Kind.OCI, Optional.of(out), ImageForm.DEFAULT, true, true)));

            assertThat(workplace.engine.images().list()).hasSize(1);
            assertThat(workplace.engine.images().inspect(ImageName.parse("test/image")))
                    .isNotEmpty();
            try (OciLayout layout = OciLayout.open(out, Linux.system())) {
                assertThat(layout.index().entries())
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.manifest().digest())
                                .isEqualTo(result.manifest().digest()));
            }
        }
    }

    @Test
    void theFilesystemsOfSeveralPlatformsLieSideBySideOrOnOneAnother() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            Path split = folder.resolve("split");
            Path flat = folder.resolve("flat");
            workplace.build(workplace
                    .request("FROM scratch", "ARG TARGETARCH", "COPY x /$TARGETARCH/x")
                    .platform(AMD64)
                    .platform(Platform.parse("linux/arm/v7"))
                    .sourceDateEpoch(77)
                    .output(new Output(Output.Kind.LOCAL, Optional.of(split)))
                    .output(new Output(Output.Kind.LOCAL, Optional.of(flat), ImageForm.DEFAULT, false, false)));

            assertThat(split.resolve("linux_amd64/amd64/x")).hasContent("hello");
            assertThat(split.resolve("linux_arm_v7/arm/x")).hasContent("hello");
            assertThat(flat.resolve("amd64/x")).hasContent("hello");
            assertThat(flat.resolve("arm/x")).hasContent("hello");
            assertThat(Files.getLastModifiedTime(flat.resolve("arm/x"))).isEqualTo(FileTime.fromMillis(77_000));
        }
    }

    /** docker import and others change owner and mode after they have linked. */
    @Test
    void aHardLinkOfATarSaysWhatItsFileIs() throws Exception {
        Path tar = folder.resolve("out.tar");
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            try (OutputStream archive = Files.newOutputStream(workplace.context.resolve("a.tar"))) {
                TarLayerWriter writer = new TarLayerWriter(archive);
                writer.put(
                        LayerEntry.file(EntryPath.of("file"), 04710, 0).withOwner(3, 4), InputStream.nullInputStream());
                writer.put(
                        LayerEntry.hardLink(EntryPath.of("link"), EntryPath.of("file"))
                                .withMode(04710)
                                .withOwner(3, 4),
                        InputStream.nullInputStream());
                writer.finish();
            }
            workplace.build(workplace
                    .request("FROM scratch", "ADD a.tar /")
                    .output(new Output(Output.Kind.TAR, Optional.of(tar))));
        }

        Map<String, String> entries = new TreeMap<>();
        try (InputStream in = Files.newInputStream(tar)) {
            new TarLayerReader(in, LayerLimits.defaults(), "the output")
                    .writeTo((entry, _) -> entries.put(
                            entry.path() + " " + entry.type(),
                            Integer.toOctalString(entry.mode()) + " " + entry.uid() + ":" + entry.gid()));
        }
        assertThat(entries).containsEntry("file FILE", "4710 3:4").containsEntry("link HARDLINK", "4710 3:4");
    }

    @Test
    void anImageThatIsNotToBeStoredGetsNoName() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            workplace.build(workplace.request("FROM scratch", "COPY x /").store(false));

            assertThat(workplace.engine.images().list()).isEmpty();
        }
    }

    private static ImageForm zstd(boolean everyLayer) {
        return new ImageForm(Compression.ZSTD, everyLayer, false, true, List.of());
    }

    private static ImageForm annotated(Annotation... annotations) {
        return ImageForm.DEFAULT.under(List.of(annotations));
    }

    private static List<String> types(Workplace workplace, BuildResult result) throws IOException {
        return manifest(workplace, result.manifest()).layers().stream()
                .map(Descriptor::mediaType)
                .toList();
    }

    private static Manifest manifest(Workplace workplace, Descriptor manifest) throws IOException {
        try (Store store = Store.open(workplace.store, Linux.system())) {
            return Manifest.parse(store.blobs().read(manifest, Manifest.MAX_BYTES), manifest.mediaType(), "manifest");
        }
    }

    private static Index index(Workplace workplace, Descriptor index) throws IOException {
        try (Store store = Store.open(workplace.store, Linux.system())) {
            return Index.parse(store.blobs().read(index, Manifest.MAX_BYTES), index.mediaType(), "index");
        }
    }

    private static ImageConfig config(Workplace workplace, Descriptor image) throws IOException {
        Manifest manifest = manifest(workplace, image);
        try (Store store = Store.open(workplace.store, Linux.system())) {
            return ImageConfig.parse(store.blobs().read(manifest.config(), ImageConfig.MAX_BYTES), "config");
        }
    }

    /** The paths and times, in seconds, of an image's only layer. */
    private static List<Map.Entry<String, Long>> times(Workplace workplace, BuildResult result) throws IOException {
        Manifest manifest = manifest(workplace, result.manifest());
        ImageConfig config = config(workplace, result.manifest());
        List<Map.Entry<String, Long>> times = new ArrayList<>();
        try (Store store = Store.open(workplace.store, Linux.system())) {
            new LayerBlobReader(
                            store.blobs(),
                            manifest.layers().getFirst(),
                            config.diffIds().getFirst(),
                            LayerLimits.defaults())
                    .writeTo((entry, _) -> times.add(time(entry)));
        }
        return times;
    }

    private static Map.Entry<String, Long> time(LayerEntry entry) {
        EntryPath path = entry.path();
        return Map.entry(path.text(), entry.mtime().seconds());
    }
}
