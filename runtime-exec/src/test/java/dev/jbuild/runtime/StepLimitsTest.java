package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StepLimitsTest {
    private static final long MIB = 1L << 20;

    @Test
    void aStepNeedsSixMebibytesOfMemory() {
        assertThat(StepLimits.STANDARD.withMemory(6 * MIB, OptionalLong.empty()).memory())
                .hasValue(6 * MIB);
        assertThatThrownBy(() -> StepLimits.STANDARD.withMemory(6 * MIB - 1, OptionalLong.empty()))
                .hasMessageContaining("6 MiB");
    }

    @Test
    void memoryAndSwapTogetherAreNoLessThanTheMemory() {
        assertThatThrownBy(() -> StepLimits.STANDARD.withMemory(64 * MIB, OptionalLong.of(63 * MIB)))
                .hasMessageContaining("cannot be less");
        assertThatThrownBy(() -> new StepLimits(
                        1,
                        OptionalLong.empty(),
                        OptionalLong.of(MIB),
                        CpuLimits.NONE,
                        1,
                        1,
                        StepLimits.STANDARD.ulimits()))
                .hasMessageContaining("needs a limit of memory too");
    }

    @Test
    void aLimitOfNoProcessesIsNone() {
        assertThatThrownBy(() -> StepLimits.ofPids(0)).hasMessageContaining("processes: 0");
    }

    @Test
    void processorsAreAList() {
        assertThat(cpus("0-2,4").processors()).hasValue("0-2,4");
        assertThatThrownBy(() -> cpus("0;1")).hasMessageContaining("0;1");
        assertThatThrownBy(() -> cpus("")).hasMessageContaining("not a list");
    }

    private static CpuLimits cpus(String list) {
        return new CpuLimits(OptionalLong.empty(), CpuLimits.STANDARD_PERIOD, OptionalInt.empty(), Optional.of(list));
    }

    @Test
    void sharesAreWeighedAsOtherRuntimesDo() {
        assertThat(CpuLimits.weight(2)).isEqualTo(1);
        assertThat(CpuLimits.weight(1024)).isEqualTo(39);
        assertThat(CpuLimits.weight(262_144)).isEqualTo(10_000);
    }
}
