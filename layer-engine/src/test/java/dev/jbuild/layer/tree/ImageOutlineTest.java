package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageOutlineTest {
    private static final int SEEDS = 400;
    private static final int LAYERS = 4;
    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] TARGETS = {"a", "/b", "../c", "b/c", "..", "/", "none"};

    @TempDir
    Path folder;

    private final List<String> remarks = new ArrayList<>();
    private final ImageOutline outline = outline(LayerLimits.defaults().maxHeldBytes());

    private ImageOutline outline(long maxHeldBytes) {
        return new ImageOutline(
                LayerLimits.defaults().withMaxHeldBytes(maxHeldBytes), (path, what) -> remarks.add(path + " " + what));
    }

    /** Links in every direction, whiteouts of what is there and what is not, everything in the place of everything. */
    @Test
    void refusesRandomLayersByTheWordsOfUnpackingAndNoOther() throws IOException {
        int refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Both both = new Both();
            for (int i = 0; i < LAYERS; i++) {
                if (!both.verdict(randomLayer(random), "seed " + seed).isEmpty()) {
                    refused++;
                    break;
                }
            }
        }
        assertThat(refused).isBetween(SEEDS / 10, SEEDS * 9 / 10);
    }

    @Test
    void remarksOnWhatIsInNoWellMadeLayer() throws IOException {
        apply(
                outline,
                new RecordedLayer()
                        .file("a", "")
                        .file("a", "")
                        .file("d/f", "")
                        .directory("d")
                        .directory("d"));

        assertThat(remarks).containsExactly("a comes twice", "d comes after what it holds", "d comes twice");
    }

    /** As a layer for a system whose bin is a link has it. */
    @Test
    void hasNoRemarkOnNamesThatMeetBehindALink() throws IOException {
        apply(outline, new RecordedLayer().directory("usr/bin").symlink("bin", "usr/bin"));
        apply(
                outline,
                new RecordedLayer()
                        .file("bin/x", "")
                        .directory("usr")
                        .directory("usr/bin")
                        .file("usr/bin/x", ""));
        assertThat(remarks).isEmpty();

        apply(outline, new RecordedLayer().file("bin/x", "").file("bin/x", ""));
        assertThat(remarks).containsExactly("bin/x comes twice");
    }

    @Test
    void refusesNamesAndLinksThatNoFileSystemTakes() throws IOException {
        apply(outline, new RecordedLayer().file("n".repeat(255), "").symlink("l", "t".repeat(4095)));

        refused(new RecordedLayer().file("n".repeat(256), ""))
                .withMessageEndingWith("than file systems take, 255 bytes");
        refused(new RecordedLayer().whiteout("d/" + "n".repeat(256))).withMessageContaining("255 bytes");
        refused(new RecordedLayer().symlink("l", "t".repeat(4096))).withMessageContaining("4095 bytes");
        refused(new RecordedLayer().hardLink("h", "n".repeat(256))).withMessageContaining("255 bytes");
    }

    @Test
    void aFileCoversWhatTheLowerDirectoryHeld() throws IOException {
        assertThat(lastVerdict(
                        new RecordedLayer().file("d/f", ""),
                        new RecordedLayer().file("d", "").hardLink("h", "d/f")))
                .endsWith("h: d is in its way and is no directory");
    }

    @Test
    void aDirectoryThatReplacesThisLayersFileDoesNotShowTheLowerOne() throws IOException {
        assertThat(lastVerdict(
                        new RecordedLayer().file("d/f", ""),
                        new RecordedLayer().file("d", "").directory("d").hardLink("h", "d/f")))
                .endsWith("h: a hard link must name an entry of this image: d/f");
    }

    @Test
    void whatAnOpaqueDirectoryHidIsNotThereForTheLayersAbove() throws IOException {
        assertThat(lastVerdict(
                        new RecordedLayer().file("d/f", ""),
                        new RecordedLayer().opaque("d"),
                        new RecordedLayer().hardLink("h", "d/f")))
                .endsWith("h: a hard link must name an entry of this image: d/f");
    }

    /** The second layer looks at e/f last, on its way through the link, and then takes e's place. */
    @Test
    void whatAFileCoveredIsNotThereForTheLayersAbove() throws IOException {
        assertThat(lastVerdict(
                        new RecordedLayer().file("e/f", "").symlink("l", "/e/f/../../z"),
                        new RecordedLayer().file("l/x", "").file("e", ""),
                        new RecordedLayer().directory("e").hardLink("h", "e/f")))
                .endsWith("h: a hard link must name an entry of this image: e/f");
    }

    /** Hiding acts on what lies below the layer, and the link has made the file one of this layer. */
    @Test
    void aLowerFileThatWasLinkedToStaysWhenItsLayerHidesIt() throws IOException {
        assertThat(lastVerdict(
                        new RecordedLayer().file("f", ""),
                        new RecordedLayer().hardLink("h", "f").whiteout("f").hardLink("i", "f"),
                        new RecordedLayer().hardLink("j", "f")))
                .isEmpty();
    }

    @Test
    void refusesWhatGoesThroughALinkThatAnEntryTookAway() {
        refused(new RecordedLayer()
                        .directory("d")
                        .symlink("d/l", "..")
                        .file("d/l/d", "")
                        .file("d/l/x", ""))
                .withMessageContaining("d/l/x: d is in its way and is no directory");
    }

    @Test
    void namesOfOneByteTooMuchAreRefused() throws IOException {
        RecordedLayer layer = new RecordedLayer().file("abc", "").whiteout("abc");
        long held = 128 + 3 + 112 + 3;
        apply(outline(held / 2), layer);

        assertThatExceptionOfType(RefusedLayerException.class)
                .isThrownBy(() -> apply(outline(held / 2 - 1), layer))
                .withMessage("the layer is refused: abc: what must be remembered of all names of the image"
                        + " takes more than 244 bytes (maxHeldBytes)");
    }

    /** An image may rewrite its files as often as it likes. */
    @Test
    void whatIsReplacedOrRemovedCountsNoMore() throws IOException {
        ImageOutline small = outline(2000);
        for (int i = 0; i < 100; i++) {
            apply(
                    small,
                    new RecordedLayer()
                            .directory("d")
                            .file("d/f", "")
                            .file("d/g/h", "")
                            .symlink("l", "text"));
            apply(small, new RecordedLayer().file("d", "").directory("l"));
            apply(
                    small,
                    new RecordedLayer().add(LayerEntry.opaque(EntryPath.ROOT)).file("x/y", ""));
            apply(small, new RecordedLayer().whiteout("x"));
        }
    }

    @Test
    void whatOneLayerReplacesCountsNoMore() throws IOException {
        RecordedLayer layer = new RecordedLayer();
        for (int i = 0; i < 100; i++) {
            layer.file("f", "").directory("d").file("d/e/f", "").file("d", "");
        }
        apply(outline(1000), layer);
    }

    /** Twice what a layer's names take: its own and those that lie there from the layer before. */
    @Test
    void layersThatHaveTheSameNamesCountOnce() throws IOException {
        long held = 257 + 131 + 130;
        ImageOutline small = outline(held);
        for (int i = 0; i < 100; i++) {
            apply(small, new RecordedLayer().directory("d").symlink("l", "/d").file("d/fg", ""));
        }
    }

    /** Beside the directory at its place, the name that led there. */
    @Test
    void namesThatLeadThroughLinksCountOnceAndWhileTheirLayerIsRead() throws IOException {
        RecordedLayer below = new RecordedLayer().directory("d").symlink("l", "/d");
        RecordedLayer layer = new RecordedLayer().directory("l/fg").directory("l/fg");
        long held = 257 + 131 + 257 + 258 + 112 + 4;
        ImageOutline small = outline((held + 1) / 2);
        apply(small, below);
        apply(small, layer);
        for (int i = 0; i < 100; i++) {
            apply(small, new RecordedLayer().whiteout("d"));
            apply(small, layer);
        }

        ImageOutline smaller = outline(held / 2);
        apply(smaller, below);
        assertThatExceptionOfType(RefusedLayerException.class)
                .isThrownBy(() -> apply(smaller, layer))
                .withMessageContaining("l/fg: what must be remembered of all names of the image");
    }

    private ThrowableAssertAlternative<RefusedLayerException> refused(LayerSource layer) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> apply(outline, layer));
    }

    private static void apply(ImageOutline outline, LayerSource layer) throws IOException {
        layer.writeTo(outline);
        outline.finishLayer();
    }

    /** A stack of layers that is unpacked and outlined. */
    private final class Both {
        private final LayerStack stack;
        private final ImageOutline names = outline(LayerLimits.defaults().maxHeldBytes());

        Both() throws IOException {
            stack = new LayerStack(Files.createTempDirectory(folder, "stack"));
        }

        /** What a layer over those before it is refused with, by both; empty when it is taken. */
        String verdict(RecordedLayer layer, String what) throws IOException {
            String unpacked = ImageOutlineTest.verdict(() -> stack.apply(layer));
            String outlined = ImageOutlineTest.verdict(() -> apply(names, layer));
            assertThat(outlined).as("%s: %s", what, layer.summary()).isEqualTo(unpacked);
            return unpacked;
        }
    }

    /** The last layer's, over those before it, which are taken. */
    private String lastVerdict(RecordedLayer... layers) throws IOException {
        Both both = new Both();
        for (RecordedLayer layer : List.of(layers).subList(0, layers.length - 1)) {
            assertThat(both.verdict(layer, "a layer below")).isEmpty();
        }
        return both.verdict(layers[layers.length - 1], "the last layer");
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static String verdict(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return "";
        } catch (RefusedLayerException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static RecordedLayer randomLayer(Random random) {
        RecordedLayer layer = new RecordedLayer();
        int entries = 1 + random.nextInt(5);
        for (int i = 0; i < entries; i++) {
            add(layer, random);
        }
        return layer;
    }

    private static void add(RecordedLayer layer, Random random) {
        String path = randomPath(random);
        switch (random.nextInt(8)) {
            case 0, 1 -> layer.file(path, "x");
            case 2, 3 -> layer.directory(path);
            case 4 -> layer.symlink(path, TARGETS[random.nextInt(TARGETS.length)]);
            case 5 -> layer.hardLink(path, randomPath(random));
            case 6 -> layer.whiteout(path);
            default -> layer.add(LayerEntry.opaque(EntryPath.of(path)));
        }
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder(NAMES[random.nextInt(NAMES.length)]);
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }
}
