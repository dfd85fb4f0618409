package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tree, its tar, and the tree that this becomes: nothing is lost, and nothing of the surroundings gets in. */
class TarRoundTripTest {
    /** {@code -Djbuild.seeds=1000} tries more. */
    private static final long SEEDS = Long.getLong("jbuild.seeds", 15);

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsUnpackedIsWhatTheEntriesSay(long seed) throws IOException {
        RecordedLayer layer = RandomTree.of(seed).layer();

        assertThat(PythonListing.of(unpack("tree", layer))).isEqualTo(ExpectedListing.of(layer));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTreeThatWasATarIsTheTree(long seed) throws IOException {
        RecordedLayer layer = RandomTree.of(seed).layer();
        List<String> expected = ExpectedListing.throughTar(layer);

        Path tree = unpack("tree", reader(tar(layer)));
        assertThat(PythonListing.of(tree)).isEqualTo(expected);

        byte[] tar = tar(new UpperTree(Linux.system(), tree, Optional.empty()));
        Path again = unpack("again", reader(tar));
        assertThat(PythonListing.of(again)).isEqualTo(expected);
        assertThat(tar(new UpperTree(Linux.system(), again, Optional.empty()))).isEqualTo(tar);
    }

    @Test
    void anAttributeWithoutValueIsKept() throws IOException {
        RecordedLayer layer = new RecordedLayer().fileWithXattrs("f", Map.of("user.mark", Bytes.EMPTY));

        assertThat(PythonListing.of(unpack("tree", reader(tar(layer)))))
                .isEqualTo(ExpectedListing.throughTar(layer))
                .anyMatch(line -> line.endsWith(" xattrs:user.mark:"));
    }

    /** Of a root that has nothing else to tell, too. */
    @Test
    void theAttributesOfTheRootAreKept() throws IOException {
        LayerEntry root = LayerEntry.directory(EntryPath.ROOT, 0755)
                .withXattrs(new TreeMap<>(Map.of("user.mark", Bytes.of("root's"))));
        RecordedLayer layer = new RecordedLayer().add(root).file("f", "content");

        Path tree = unpack("tree", layer);
        Path again = unpack("again", reader(tar(new UpperTree(Linux.system(), tree, Optional.empty()))));
        assertThat(PythonListing.of(again)).isEqualTo(ExpectedListing.of(layer));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTarOfADifferenceAppliedGivesTheOtherTree(long seed) throws IOException {
        RandomTree first = RandomTree.of(seed);
        applyDifference(first, first.changed(seed + 1000), "x");
    }

    @Test
    void anEmptyTreeBecomesAnyTreeAndAnyTreeAnEmptyOne() throws IOException {
        RandomTree empty = RandomTree.empty();
        assertThat(PythonListing.of(unpack("tree", reader(tar(empty.layer())))))
                .isEqualTo(ExpectedListing.throughTar(empty.layer()))
                .hasSize(1);
        applyDifference(empty, RandomTree.of(1), "filled");
        applyDifference(RandomTree.of(2), empty, "emptied");
    }

    private void applyDifference(RandomTree old, RandomTree now, String name) throws IOException {
        LayerStack before = stack(name + "-before", old);
        LayerStack after = stack(name + "-after", now);
        try (StackedTree oldTree = before.tree();
                StackedTree newTree = after.tree()) {
            before.apply(reader(tar(new TreeDiff(oldTree, newTree))));
        }
        Path result = before.directories().getLast();
        TreeMerger.merge(Linux.system(), before.top(), result);

        List<String> found = PythonListing.of(result);
        assertThat(found).isEqualTo(ExpectedListing.afterDifference(old.layer(), now.layer(), found));
    }

    @Test
    void pathsOfMoreThanFourThousandBytesComeBack() throws IOException {
        String directory = "d".repeat(250);
        EntryPath path = EntryPath.of((directory + "/").repeat(17) + "f".repeat(255));
        RecordedLayer layer = new RecordedLayer().file(path, "deep").hardLink("link", path.toString());

        Path tree = unpack("tree", reader(tar(layer)));
        assertThat(PythonListing.of(tree)).isEqualTo(ExpectedListing.of(layer));
        Path again = unpack("again", reader(tar(new UpperTree(Linux.system(), tree, Optional.empty()))));
        assertThat(PythonListing.of(again)).isEqualTo(ExpectedListing.of(layer));
        assertThat(path.length()).isGreaterThan(4096);
        // Too long for whoever would remove it by name.
        try (Fd parent = Linux.system().open(folder, OpenFlag.PATH)) {
            new TreeRemover(Linux.system()).remove(parent, "tree".getBytes(StandardCharsets.US_ASCII));
            new TreeRemover(Linux.system()).remove(parent, "again".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Two folders of one disk list in the same order whatever the order of their making, so here the kernel's answer is shuffled. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theOrderInWhichTheKernelListsDoesNotMatter(long seed) throws IOException {
        RandomTree first = RandomTree.of(seed);
        Path tree = unpack("tree", first.layer());
        Linux shuffled = ShuffledListings.of(seed);

        assertThat(tar(new UpperTree(shuffled, tree, Optional.empty())))
                .isEqualTo(tar(new UpperTree(Linux.system(), tree, Optional.empty())));

        Path other = unpack("other", first.changed(seed).layer());
        assertThat(tarOfDifference(shuffled, tree, other)).isEqualTo(tarOfDifference(Linux.system(), tree, other));
    }

    private static byte[] tarOfDifference(Linux linux, Path before, Path after) throws IOException {
        try (DirectoryTree old = DirectoryTree.open(linux, before);
                DirectoryTree now = DirectoryTree.open(linux, after)) {
            return tar(new TreeDiff(old, now));
        }
    }

    /** Turkish has its own idea of the small letter of I; the locale is asked for by properties, since few machines have it installed. */
    @Test
    void localeUmaskAndTimeZoneDoNotMatter() throws Exception {
        String plain = inProcess("umask 022", Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC"), "a", "en", "US");
        assertThat(inProcess("umask 077", Map.of("LC_ALL", "C", "TZ", "Asia/Kathmandu"), "b", "tr", "TR"))
                .isEqualTo(plain);
        assertThat(inProcess("umask 0", Map.of("LC_ALL", "POSIX", "TZ", "America/St_Johns"), "c", "ar", "EG"))
                .isEqualTo(plain);
        assertThat(plain.lines()).last().asString().matches("[0-9a-f]{64} [0-9a-f]{64}");
    }

    private String inProcess(
            String umask, Map<String, String> environment, String name, String language, String country)
            throws Exception {
        Path output = folder.resolve(name + ".out");
        ProcessBuilder builder = JavaProcess.of(
                List.of("sh", "-c", umask + "; exec \"$0\" \"$@\""),
                List.of("-Duser.language=" + language, "-Duser.country=" + country),
                DigestOfTree.class,
                folder.resolve(name).toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String printed = Files.readString(output).strip();
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed).startsWith(language + "-" + country + " ");
        return printed.substring(printed.indexOf(' ') + 1);
    }

    private Path unpack(String name, LayerSource layer) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), LayerLimits.defaults());
        return directory;
    }

    private LayerStack stack(String name, RandomTree tree) throws IOException {
        LayerStack stack = new LayerStack(Files.createDirectory(folder.resolve(name)));
        stack.apply(reader(tar(tree.layer())));
        return stack;
    }

    static byte[] tar(LayerSource layer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarLayerWriter writer = new TarLayerWriter(bytes);
        layer.writeTo(writer);
        writer.finish();
        return bytes.toByteArray();
    }

    private static LayerSource reader(byte[] tar) {
        return sink ->
                new TarLayerReader(new ByteArrayInputStream(tar), LayerLimits.defaults(), "layer x").writeTo(sink);
    }
}
