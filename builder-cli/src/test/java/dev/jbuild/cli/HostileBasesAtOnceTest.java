package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bases that each want all the memory that a layer may have, in stages that go on beside each other. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HostileBasesAtOnceTest {
    private static final int BASES = 4;

    @TempDir
    Path folder;

    /** A quarter of what is shipped, of all. */
    @Test
    void areRefusedInASmallHeap() throws Exception {
        refuses(256, 64);
    }

    @Test
    void areRefusedInTheHeapThatIsShipped() throws Exception {
        assumeThat(Boolean.getBoolean("jbuild.memory"))
                .as("-Djbuild.memory=true, and a minute")
                .isTrue();
        refuses(1024, 256);
    }

    private void refuses(int heapMib, int layerMib) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "build",
                "--progress=plain",
                "--root=" + folder.resolve("store"),
                "--layer-limit=maxHeldBytes=" + layerMib + "m"));
        List<String> dockerfile = new ArrayList<>();
        for (int i = 0; i < BASES; i++) {
            Path layout = folder.resolve("layout" + i);
            greedy(layerMib + 8).file("which", "" + i).writeTo(layout);
            words.add("--build-context=base" + i + "=oci-layout://" + layout);
            dockerfile.add("FROM base" + i + " AS stage" + i);
            // Who that is only its files say: it must be unpacked.
            dockerfile.add("COPY --chown=app file /x/");
        }
        dockerfile.add("FROM scratch");
        for (int i = 0; i < BASES; i++) {
            dockerfile.add("COPY --from=stage" + i + " /x /" + i);
        }
        Files.write(Files.createDirectory(folder.resolve("context")).resolve("Dockerfile"), dockerfile);
        Files.writeString(folder.resolve("context/file"), "x");
        words.add(folder.resolve("context").toString());

        MeasuredJbuild.Ended ended = MeasuredJbuild.run(folder.resolve("out"), heapMib, words);
        assertThat(ended.code()).as(ended.toString()).isEqualTo(ExitCode.REGISTRY.number());
        assertThat(ended.lines().getLast())
                .matches(
                        "ERROR: Dockerfile:\\d+: layer sha256:[0-9a-f]{64} of base\\d:latest is refused: d\\d+: what must be"
                                + " remembered of directories, attributes and whiteouts takes more than "
                                + (layerMib << 20)
                                + " bytes \\(maxHeldBytes\\); --layer-limit maxHeldBytes=N lets it have more");
        assertThat(ended.peakMib()).isLessThan(heapMib + MeasuredJbuild.BESIDE_MIB);
    }

    /** As many directories as take that much memory, each with attributes of a mebibyte. */
    private static HostileBase greedy(int mebibytes) throws IOException {
        SortedMap<String, Bytes> attributes = new TreeMap<>();
        Bytes value = Bytes.of("v".repeat(65_000));
        for (int i = 0; i < 16; i++) {
            attributes.put("user.a" + i, value);
        }
        HostileBase base = new HostileBase();
        for (int i = 0; i < mebibytes; i++) {
            base.directory("d" + i, attributes);
        }
        return base;
    }
}
