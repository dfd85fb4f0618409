package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageValidatorTest {
    @TempDir
    Path folder;

    private Store store;
    private TestImage image;

    @BeforeEach
    void makeImage() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
        image = TestImage.ofTwoLayers(store.blobs());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void findsNothingInAGoodImage() throws Exception {
        assertThat(problems(image.put())).isEmpty();
    }

    @Test
    void findsNothingInAnIndexOfGoodImages() throws Exception {
        Index index = Index.oci(List.of(new Index.Entry(image.put(), Optional.of(Platform.parse("linux/amd64")))));

        assertThat(problems(store.blobs().put(MediaTypes.OCI_INDEX, index.toBytes())))
                .isEmpty();
    }

    @Test
    void findsAPlatformThatTheConfigDoesNotHave() throws Exception {
        Index index = Index.oci(List.of(new Index.Entry(image.put(), Optional.of(Platform.parse("linux/arm64")))));

        assertThat(problems(store.blobs().put(MediaTypes.OCI_INDEX, index.toBytes())))
                .singleElement()
                .asString()
                .contains("is listed for linux/arm64, its config says linux/amd64");
    }

    @Test
    void findsAMissingDiffId() throws Exception {
        image.diffIds.removeLast();

        assertThat(problems(image.put()))
                .singleElement()
                .asString()
                .contains("has 2 layers, its config has 1 diff_ids");
    }

    @Test
    void findsAWrongDiffId() throws Exception {
        image.diffIds.set(1, Digest.of(new byte[0]));

        assertThat(problems(image.put())).singleElement().asString().contains("its content hashes to");
    }

    @Test
    void findsAHistoryOfTooManyLayers() throws Exception {
        image.history.add(new History(Optional.empty(), "RUN", "", "", false));

        assertThat(problems(image.put())).singleElement().asString().contains("its history tells of 3");
    }

    @Test
    void historyAsAWholeIsOptional() throws Exception {
        image.history.clear();

        assertThat(problems(image.put())).isEmpty();
    }

    @Test
    void findsAWrongSize() throws Exception {
        Descriptor layer = image.layers.getFirst();
        image.layers.set(0, new Descriptor(layer.mediaType(), layer.digest(), layer.size() + 1));

        assertThat(problems(image.put())).singleElement().asString().contains("ends after");
    }

    @Test
    void findsAChangedBlob() throws Exception {
        Path blob = store.blobs().path(image.layers.getFirst().digest());
        byte[] content = Files.readAllBytes(blob);
        content[content.length / 2] ^= 1;
        Files.write(blob, content);

        assertThat(problems(image.put())).isNotEmpty();
    }

    @Test
    void findsAMissingBlob() throws Exception {
        Files.delete(store.blobs().path(image.layers.getLast().digest()));

        assertThat(problems(image.put())).singleElement().asString().contains("is not in the local store");
    }

    @Test
    void findsUnknownMediaTypes() throws Exception {
        Descriptor layer = image.layers.getFirst();
        image.layers.set(0, new Descriptor("application/zip", layer.digest(), layer.size()));
        assertThat(problems(image.put())).singleElement().asString().contains("application/zip is not known");

        Descriptor manifest = image.put();
        assertThat(problems(new Descriptor("text/plain", manifest.digest(), manifest.size())))
                .singleElement()
                .asString()
                .contains("unknown media type text/plain");
    }

    @Test
    void findsEntriesThatComeTwice() throws Exception {
        image.layer(TestImage.files("a", "1", "a", "2"), Compression.NONE);

        assertThat(problems(image.put())).singleElement().asString().endsWith("a comes twice");
    }

    @Test
    void aRootMayComeAfterItsContent() throws Exception {
        LayerSource source = sink -> {
            TestImage.files("dev/f", "").writeTo(sink);
            sink.put(LayerEntry.directory(EntryPath.ROOT, 0755), InputStream.nullInputStream());
        };
        image.layer(source, Compression.NONE);

        assertThat(problems(image.put())).isEmpty();
    }

    @Test
    void findsDirectoriesAfterTheirContent() throws Exception {
        LayerSource source = sink -> {
            TestImage.files("d/f", "").writeTo(sink);
            sink.put(LayerEntry.directory(EntryPath.of("d"), 0755), InputStream.nullInputStream());
        };
        image.layer(source, Compression.NONE);

        assertThat(problems(image.put())).singleElement().asString().endsWith("d comes after what it holds");
    }

    @Test
    void findsHardLinksToNothingButAllowsThoseToLowerLayers() throws Exception {
        image.layer(link("h", "etc/motd"), Compression.NONE);
        assertThat(problems(image.put())).isEmpty();

        image.layer(link("i", "etc/absent"), Compression.NONE);
        assertThat(problems(image.put()))
                .containsExactly(refusal(3, "i: a hard link must name an entry of this image: etc/absent"));
    }

    @Test
    void findsHardLinksToDirectories() throws Exception {
        image.layer(link("h", "etc"), Compression.NONE);

        assertThat(problems(image.put())).containsExactly(refusal(2, "h: a hard link to the directory etc"));
    }

    @Test
    void findsHardLinksToWhatIsGone() throws Exception {
        image.layer(marker(LayerEntry.whiteout(EntryPath.of("etc/motd"))), Compression.NONE);
        image.layer(link("h", "etc/motd"), Compression.NONE);

        assertThat(problems(image.put()))
                .containsExactly(refusal(3, "h: a hard link must name an entry of this image: etc/motd"));
    }

    @Test
    void findsHardLinksToWhatTheirOwnLayerRemoves() throws Exception {
        LayerSource source = sink -> {
            marker(LayerEntry.opaque(EntryPath.of("etc"))).writeTo(sink);
            link("h", "etc/motd").writeTo(sink);
        };
        image.layer(source, Compression.NONE);

        assertThat(problems(image.put()))
                .containsExactly(refusal(2, "h: a hard link must name an entry of this image: etc/motd"));
    }

    @Test
    void findsFilesThatAreParentsAndJudgesNothingThatBuildsOnThem() throws Exception {
        image.layer(TestImage.files("etc/motd/x", ""), Compression.NONE);
        List<String> expected = List.of(refusal(2, "etc/motd/x: etc/motd is in its way and is no directory"));
        assertThat(problems(image.put())).isEqualTo(expected);

        image.layer(link("h", "etc/motd/x"), Compression.NONE);
        assertThat(problems(image.put())).isEqualTo(expected);
    }

    /** Docker, buildah, umoci and bazel make them: no parents, whiteouts of nothing, the root as an entry. */
    @Test
    void findsNothingInWhatRealBuildersLeaveOut() throws Exception {
        LayerSource source = sink -> {
            sink.put(LayerEntry.directory(EntryPath.ROOT, 0755), InputStream.nullInputStream());
            marker(LayerEntry.whiteout(EntryPath.of("none/of/these"))).writeTo(sink);
            marker(LayerEntry.whiteout(EntryPath.of("none"))).writeTo(sink);
            marker(LayerEntry.opaque(EntryPath.of("etc"))).writeTo(sink);
            TestImage.files("var/lib/x", "", "etc/new", "", "was-a-directory", "")
                    .writeTo(sink);
            marker(LayerEntry.whiteout(EntryPath.of("was-a-directory/file"))).writeTo(sink);
            link("i", "etc/new").writeTo(sink);
        };
        image.layer(source, Compression.NONE);

        assertThat(problems(image.put())).isEmpty();
    }

    @Test
    void indexesInIndexesEndAtThree() throws Exception {
        Descriptor at = image.put();
        for (int i = 0; i < 3; i++) {
            at = store.blobs()
                    .put(
                            MediaTypes.OCI_INDEX,
                            Index.oci(List.of(new Index.Entry(at, Optional.empty())))
                                    .toBytes());
        }
        assertThat(problems(at)).isEmpty();

        Index fourth = Index.oci(List.of(new Index.Entry(at, Optional.empty())));
        assertThat(problems(store.blobs().put(MediaTypes.OCI_INDEX, fourth.toBytes())))
                .singleElement()
                .asString()
                .contains("deeper than 3");
    }

    @Test
    void exceptionTellsAllProblems() throws Exception {
        image.diffIds.removeLast();
        image.history.clear();
        Descriptor bad = image.put();

        assertThatThrownBy(() -> new ImageValidator(LayerLimits.defaults()).requireValid(store.blobs(), bad))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("image " + bad.digest() + " is not valid: ");
    }

    private List<String> problems(Descriptor descriptor) {
        return new ImageValidator(LayerLimits.defaults()).problems(store.blobs(), descriptor);
    }

    private static LayerSource link(String path, String target) {
        return sink ->
                sink.put(LayerEntry.hardLink(EntryPath.of(path), EntryPath.of(target)), InputStream.nullInputStream());
    }

    private static LayerSource marker(LayerEntry marker) {
        return sink -> sink.put(marker, InputStream.nullInputStream());
    }

    private String refusal(int layer, String rest) {
        return "layer " + image.layers.get(layer).digest() + " is refused: " + rest;
    }
}
