package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.SourcePath;
import dev.jbuild.dockerfile.BadPatternException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.ShuffledListings;
import dev.jbuild.layer.tree.SwappingProcess;
import dev.jbuild.linux.Linux;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** COPY from a build context that another process changes meanwhile, and from one that the kernel lists in any order. */
@Timeout(3600)
class MovingContextTest {
    /** {@code -Djbuild.swap.rounds=100000} tries longer. */
    private static final int ROUNDS = Integer.getInteger("jbuild.swap.rounds", 300);

    @TempDir
    Path folder;

    @Test
    void nothingOutsideIsCopiedWhileADirectoryIsSwappedForALink(TestReporter reporter) throws Exception {
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.createDirectories(context.resolve("d/sub"));
        Files.writeString(context.resolve("d/sub/file"), "inside");
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectory(outside.resolve("sub"));
        Files.writeString(outside.resolve("sub/file"), "outside");
        Files.writeString(outside.resolve("sub/secret"), "outside");
        Files.createSymbolicLink(context.resolve("l"), outside);

        int copied = 0;
        int swapped = 0;
        // The end of it fails when nobody swapped all the while.
        try (SwappingProcess swapper = SwappingProcess.in(context, folder.resolve("notes"))) {
            // Until both were met: the directory, and the link in its place.
            for (int round = 0; round < ROUNDS || copied == 0 || swapped == 0; round++) {
                for (String source : List.of("/", "/d/sub", "/d/sub/*", "/d/sub/file")) {
                    boolean isCopied = copiesFromInside(context, source);
                    copied += isCopied ? 1 : 0;
                    swapped += isCopied ? 0 : 1;
                }
            }
            reporter.publishEntry(swapper.swaps() + " swaps, " + (copied + swapped) + " copies, " + copied
                    + " met the directory, " + swapped + " the link");
        }
    }

    private static boolean copiesFromInside(Path context, String source) throws BadPatternException {
        try (DirectoryTree tree = DirectoryTree.openOfHost(Linux.system(), context)) {
            RecordedLayer layer = RecordedLayer.of(copy(tree, source));
            assertThat(layer.lines()).noneMatch(line -> line.contains("secret"));
            assertThat(layer.content("to/d/sub/file") + layer.content("to/file"))
                    .doesNotContain("outside");
            return layer.lines().stream().anyMatch(line -> line.endsWith("/file"));
        } catch (IOException | BuildException swapped) {
            // The copy noticed; in a build it ends with this error.
            return false;
        }
    }

    @Test
    void theOrderInWhichTheKernelListsDoesNotMatter() throws Exception {
        try (SourceFolder source = SourceFolder.in(folder.resolve("context"))) {
            for (int i = 0; i < 40; i++) {
                source.file("d" + i % 7 + "/file" + i, "content " + i);
                source.hardLink("d" + i % 5 + "/same" + i, "d" + i % 7 + "/file" + i);
                source.link("d" + i % 3 + "/link" + i, "..");
            }
            byte[] expected = tar(Linux.system(), source.path);
            for (int seed = 0; seed < 10; seed++) {
                assertThat(tar(ShuffledListings.of(seed), source.path))
                        .as("seed " + seed)
                        .isEqualTo(expected);
            }
        }
    }

    private static byte[] tar(Linux linux, Path context) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DirectoryTree tree = DirectoryTree.openOfHost(linux, context)) {
            TarLayerWriter writer = new TarLayerWriter(bytes);
            copy(tree, "/").writeTo(writer);
            copy(tree, "/d*/[fs]*1*").writeTo(writer);
            writer.finish();
        }
        return bytes.toByteArray();
    }

    private static CopyLayer copy(DirectoryTree tree, String source)
            throws IOException, BuildException, BadPatternException {
        IgnoreRules none = IgnoreRules.of(List.of());
        CopyPlacement placement =
                new CopyPlacement(new KnownTree(), Optional.of(Owner.ROOT), Optional.empty(), CopyTrial.CREATED);
        for (SourceMatch match : new SourceScanner(tree, none, none, "the build context")
                .scan(new SourcePath(source, Optional.empty()))) {
            placement.place(match, tree, "/to/");
        }
        return placement.layer();
    }
}
