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
            LayerStack stack = new LayerStack(Files.createDirectory(folder.resolve("seed" + seed)));
            ImageOutline names = outline(LayerLimits.defaults().maxHeldBytes());
            for (int i = 0; i < LAYERS; i++) {
                RecordedLayer layer = randomLayer(random);
                String unpacked = verdict(() -> stack.apply(layer));
                String outlined = verdict(() -> apply(names, layer));
                assertThat(outlined)
                        .as("seed %s, layer %s: %s", seed, i, layer.summary())
                        .isEqualTo(unpacked);
                if (!unpacked.isEmpty()) {
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
                new RecordedLayer().file("a", "").file("a", "").file("d/f", "").directory("d"));

        assertThat(remarks).containsExactly("a comes twice", "d comes after what it holds");
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

    private ThrowableAssertAlternative<RefusedLayerException> refused(LayerSource layer) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> apply(outline, layer));
    }

    private static void apply(ImageOutline outline, LayerSource layer) throws IOException {
        layer.writeTo(outline);
        outline.finishLayer();
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
