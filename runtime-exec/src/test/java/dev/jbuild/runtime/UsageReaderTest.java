package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.launch.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageReaderTest {
    private static final Report.Used OF_PROCESSES =
            new Report.Used(Duration.ofSeconds(3), Duration.ofSeconds(1), 1000, 20, 30);

    private static StepUsage read(Map<String, String> readings) {
        return UsageReader.read(
                new Report(0, Optional.empty(), List.of(), Optional.empty(), List.of(), OF_PROCESSES, readings));
    }

    @Test
    void withoutACgroupItIsWhatTheKernelCountedOfTheProcesses() {
        assertThat(read(Map.of())).isEqualTo(new StepUsage(Duration.ofSeconds(3), Duration.ofSeconds(1), 1000, 20, 30));
    }

    @Test
    void aVersion2CgroupCountsAllOfIt() {
        Map<String, String> files = Map.of(
                "cpu.stat", "usage_usec 2500000\nuser_usec 1\n",
                "memory.peak", "8192\n",
                "io.stat", "8:0 rbytes=5 wbytes=7 rios=1\n254:0 rbytes=10 wbytes=100\n");
        assertThat(read(files)).isEqualTo(new StepUsage(Duration.ofSeconds(3), Duration.ofMillis(2500), 8192, 15, 107));
    }

    @Test
    void aVersion1CgroupCountsItsMemory() {
        assertThat(read(Map.of("memory.max_usage_in_bytes", "65536\n")).peakMemory())
                .isEqualTo(65_536);
    }

    @Test
    void whatIsNotANumberCountsNothing() {
        Map<String, String> files = Map.of(
                "cpu.stat", "usage_usec -1\n", "memory.peak", "99999999999999999999\n", "io.stat", "8:0 rbytes=x\n");
        assertThat(read(files)).isEqualTo(read(Map.of()));
    }
}
