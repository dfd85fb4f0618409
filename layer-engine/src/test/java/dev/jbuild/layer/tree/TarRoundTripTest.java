package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
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
import java.util.Map;
import java.util.Optional;
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
    void tarOfAnUnpackedTarIsThatTar(long seed) throws IOException {
        Path tree = unpack("tree", RandomTree.of(seed).layer());
        byte[] tar = tar(new UpperTree(Linux.system(), tree, Optional.empty()));
        Path again = unpack("again", reader(tar));

        assertThat(tar(new UpperTree(Linux.system(), again, Optional.empty()))).isEqualTo(tar);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTarOfADifferenceAppliedGivesTheOtherTree(long seed) throws IOException {
        // From tars, because a tar tells times in whole seconds.
        RandomTree first = RandomTree.of(seed);
        LayerStack before = stack("before", first);
        LayerStack after = stack("after", first.changed(seed + 1000));
        try (StackedTree old = before.tree();
                StackedTree now = after.tree()) {
            before.apply(reader(tar(new TreeDiff(old, now))));
            try (StackedTree result = before.tree()) {
                assertThat(TreeListing.withoutDirectoryTimes(result)).isEqualTo(TreeListing.withoutDirectoryTimes(now));
            }
        }
    }

    @Test
    void pathsOfMoreThanFourThousandBytesComeBack() throws IOException {
        String directory = "d".repeat(250);
        EntryPath path = EntryPath.of((directory + "/").repeat(17) + "f".repeat(255));
        RecordedLayer layer = new RecordedLayer().file(path, "deep").hardLink("link", path.toString());

        byte[] tar = tar(new UpperTree(Linux.system(), unpack("tree", layer), Optional.empty()));
        Path again = unpack("again", reader(tar));
        assertThat(tar(new UpperTree(Linux.system(), again, Optional.empty()))).isEqualTo(tar);
        try (DirectoryTree tree = DirectoryTree.open(Linux.system(), again)) {
            assertThat(tree.open(path).readAllBytes()).isEqualTo("deep".getBytes(StandardCharsets.UTF_8));
            assertThat(path.length()).isGreaterThan(4096);
        }
        // Too long for whoever would remove it by name.
        try (Fd parent = Linux.system().open(folder, OpenFlag.PATH)) {
            new TreeRemover(Linux.system()).remove(parent, "tree".getBytes(StandardCharsets.US_ASCII));
            new TreeRemover(Linux.system()).remove(parent, "again".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void theOrderInWhichFilesWereMadeDoesNotMatter() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path other = Files.createDirectory(folder.resolve("other"));
        for (int i = 0; i < 300; i++) {
            makeFile(one, i);
            makeFile(other, 299 - i);
        }
        assertThat(tar(new UpperTree(Linux.system(), one, Optional.empty())))
                .isEqualTo(tar(new UpperTree(Linux.system(), other, Optional.empty())));
    }

    @Test
    void localeUmaskAndTimeZoneDoNotMatter() throws Exception {
        String plain = inProcess("umask 022", Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC"), "a");
        assertThat(inProcess("umask 077", Map.of("LC_ALL", "C", "TZ", "Asia/Kathmandu"), "b"))
                .isEqualTo(plain);
        assertThat(inProcess("umask 0", Map.of("LC_ALL", "tr_TR.ISO-8859-9", "TZ", "America/St_Johns"), "c"))
                .isEqualTo(plain);
        assertThat(plain).matches("[0-9a-f]{64}");
    }

    private String inProcess(String umask, Map<String, String> environment, String name) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Path output = folder.resolve(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                umask + "; exec \"$0\" --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp \"$1\" "
                        + DigestOfTree.class.getName() + " \"$2\"",
                java,
                System.getProperty("java.class.path"),
                folder.resolve(name).toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String printed = Files.readString(output).strip();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
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

    private static void makeFile(Path directory, int number) throws IOException {
        byte[] name = ("file-" + number).getBytes(StandardCharsets.US_ASCII);
        try (Fd parent = Linux.system().open(directory, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            Linux.system().symlinkAt(name, parent, name);
            Linux.system().setMtimeAt(parent, name, number, 0);
            Linux.system().setMtime(parent, 1, 0);
        }
    }
}
