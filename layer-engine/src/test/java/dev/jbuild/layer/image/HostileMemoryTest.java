package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.tar.EndlessTars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers that ask for all memory, in a JVM with the heap and the collector of the distribution (its Wrapper). */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileMemoryTest {
    private static final long HEAP_MIB = 1024;
    private static final long BESIDE_MIB = 256;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "unpack, DIRECTORIES_WITH_ATTRIBUTES, (maxHeldBytes)",
        "validate, SPARSE_OF_2_TO_60, (maxBytes)",
        "validate, ZSTD_WINDOW, its content hashes to"
    })
    void isRefusedWithinItsMemory(String how, EndlessTars layer, String rule) throws Exception {
        refuses(how, layer, rule);
    }

    /** Those that take their time, each up to some minutes. */
    @ParameterizedTest
    @CsvSource({
        "validate, DIRECTORIES_WITH_ATTRIBUTES, its content hashes to",
        "unpack, WHITEOUTS_OF_LONG_PATHS, (maxHeldBytes)",
        "validate, WHITEOUTS_OF_LONG_PATHS, (maxHeldBytes)",
        "unpack, LEVELS_UPON_LEVELS, (maxHeldBytes)",
        "validate, ONE_ENTRY_TOO_MANY, more than 2000000 entries (maxEntries)",
        "unpack, ONE_ENTRY_TOO_MANY, more than 2000000 entries (maxEntries)",
        "validate, NAMES_AS_LONG_AS_MAY_BE, (maxHeldBytes)",
        "unpack, ZSTD_WINDOW, its content hashes to"
    })
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void isRefusedWithinItsMemoryInItsTime(String how, EndlessTars layer, String rule) throws Exception {
        assumeThat(Boolean.getBoolean("jbuild.memory"))
                .as("-Djbuild.memory=true, and some minutes")
                .isTrue();
        refuses(how, layer, rule);
    }

    private void refuses(String how, EndlessTars layer, String rule) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder program = JavaProcess.of(
                HostileMemory.class,
                how,
                layer.name(),
                Files.createDirectory(folder.resolve("place")).toString());
        program.command()
                .addAll(1, List.of("-XX:+UseSerialGC", "-XX:+UseTransparentHugePages", "-Xmx" + HEAP_MIB + "m"));
        Process process =
                program.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor())
                    .as(Files.readString(out, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(out).stream()
                .filter(line -> !line.startsWith("WARNING"))
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .matches("layer sha256:[0-9a-f]{64} is refused: .*")
                .contains(rule);
        assertThat(Long.parseLong(lines.getLast()) >> 10).isLessThan(HEAP_MIB + BESIDE_MIB);
    }
}
