package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The window of a zstd stream lies outside of the heap: of streams that are read beside each other only one may have a large one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LargeWindowsAtOnceTest {
    private static final int STAGES = 4;
    private static final int MEMBERS = 68;

    private static final int HEAP_MIB = 96;

    private static final byte[] CONTENT = LargeWindow.content();

    @TempDir
    Path folder;

    private final List<String> dockerfile = new ArrayList<>();
    private final List<String> words = new ArrayList<>();

    /** Who app is only the base's files say, so that it must be unpacked. */
    @Test
    void basesAreUnpackedInTheMemoryOfOne() throws Exception {
        for (int i = 0; i < STAGES; i++) {
            Path layout = folder.resolve("layout" + i);
            new HostileBase().file("which", "" + i).file("large", 0644, CONTENT).writeWithLargeWindowTo(layout);
            words.add("--build-context=base" + i + "=oci-layout://" + layout);
            dockerfile.addAll(List.of("FROM base" + i + " AS stage" + i, "COPY --chown=app file /x/"));
        }
        builds();
    }

    @Test
    void archivesAreAddedInTheMemoryOfOne() throws Exception {
        Path context = Files.createDirectories(folder.resolve("context"));
        for (int i = 0; i < STAGES; i++) {
            Files.write(context.resolve("archive" + i), LargeWindow.compress(archive("large" + i)));
            dockerfile.addAll(List.of("FROM scratch AS stage" + i, "ADD archive" + i + " /x/"));
        }
        builds();
    }

    @Test
    void aContextWithALargerOneThanTheLimitIsRefusedAsTheUsersOwn() throws Exception {
        InputStream archive = new ByteArrayInputStream(LargeWindow.compress(archive("file")));
        InProcessJbuild.Ended ended = new InProcessJbuild(folder.resolve("store"))
                .command(folder, archive, "build", "--layer-limit=maxZstdWindowBytes=16m", "-");

        assertThat(ended.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(ended.err())
                .endsWith("ERROR: the build context is refused: a zstd window of 134217728 bytes; the limit"
                        + " (maxZstdWindowBytes) is 16777216; --layer-limit maxZstdWindowBytes=N lets it have more\n");
    }

    /** Of several members: those of one archive are kept between those of others. */
    private static byte[] archive(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int size = CONTENT.length / MEMBERS;
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < MEMBERS; i++) {
                TarArchiveEntry entry = new TarArchiveEntry(name + "-" + i);
                entry.setSize(size);
                tar.putArchiveEntry(entry);
                tar.write(CONTENT, i * size, size);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void builds() throws IOException, InterruptedException {
        dockerfile.add("FROM scratch");
        for (int i = 0; i < STAGES; i++) {
            dockerfile.add("COPY --from=stage" + i + " /x /" + i);
        }
        Path context = Files.createDirectories(folder.resolve("context"));
        Files.write(context.resolve("Dockerfile"), dockerfile);
        Files.writeString(context.resolve("file"), "x");
        String root = "--root=" + folder.resolve("store");
        words.addAll(0, List.of("build", "--progress=plain", root, "-t", "built"));
        words.add(context.toString());

        MeasuredJbuild.Ended ended = MeasuredJbuild.run(folder.resolve("out"), HEAP_MIB, words);
        assertThat(ended.code()).as(ended.toString()).isZero();
        assertThat(ended.peakMib()).isLessThan(HEAP_MIB + MeasuredJbuild.BESIDE_MIB);
        assertThat(MeasuredJbuild.run(folder.resolve("out"), HEAP_MIB, List.of("image", "validate", root, "built"))
                        .lines())
                .containsExactly("built: valid");
    }
}
