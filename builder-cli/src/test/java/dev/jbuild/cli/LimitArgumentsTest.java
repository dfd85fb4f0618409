package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.StepLimits;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LimitArgumentsTest {
    private static StepLimits limits(String... flags) throws UsageException {
        return new LimitArguments(new ArgumentParser(Command.BUILD).parse(Arrays.asList(flags))).limits();
    }

    @Test
    void withoutFlagsTheyAreTheStandard() throws UsageException {
        assertThat(limits()).isEqualTo(StepLimits.STANDARD);
    }

    @ParameterizedTest
    @CsvSource({
        "7000000, 7000000",
        "7000000b, 7000000",
        "10240k, 10485760",
        "512m, 536870912",
        "512MB, 536870912",
        "1.5GiB, 1610612736",
        "2T, 2199023255552"
    })
    void sizesAreDockers(String text, long bytes) throws UsageException {
        assertThat(limits("--memory", text).memory()).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-5m", "0", "12x", "1e400", "9999999t"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> limits("--memory=" + text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--memory");
    }

    @Test
    void anySwapIsMinusOne() throws UsageException {
        assertThat(limits("-m", "64m", "--memory-swap", "-1").memorySwap()).hasValue(StepLimits.UNLIMITED);
        assertThatThrownBy(() -> limits("--memory-swap", "64m")).hasMessageContaining("needs a limit of memory");
    }

    @Test
    void processorsAreAQuotaOfThePeriod() throws UsageException {
        assertThat(limits("--cpus", "1.5").cpu().quotaMicros()).hasValue(150_000);
        assertThat(limits("--cpus", "0.5", "--cpu-period", "50000").cpu().quotaMicros())
                .hasValue(25_000);
        assertThat(limits("--cpu-quota", "20000", "-c", "512").cpu().shares()).hasValue(512);
        assertThatThrownBy(() -> limits("--cpus", "1", "--cpu-quota", "20000")).hasMessageContaining("one of them");
        assertThatThrownBy(() -> limits("--cpus", "many")).hasMessageContaining("many");
        assertThatThrownBy(() -> limits("--cpu-shares", "1")).hasMessageContaining("2 to 262144");
    }

    @Test
    void diskAndSharedMemoryAndProcessesAreRead() throws UsageException {
        assertThat(limits("--storage-opt", "size=1g").diskBytes()).isEqualTo(1L << 30);
        assertThat(limits("--shm-size", "1m").shmBytes()).isEqualTo(1 << 20);
        assertThat(limits("--pids-limit", "77").pids()).isEqualTo(77);
        assertThatThrownBy(() -> limits("--storage-opt", "dm.basesize=1g")).hasMessageContaining("size=SIZE only");
        assertThatThrownBy(() -> limits("--pids-limit", "0")).hasMessageContaining("processes: 0");
        assertThatThrownBy(() -> limits("--pids-limit", "9999999999")).isInstanceOf(UsageException.class);
    }

    @Test
    void ulimitsHaveDockersNames() throws UsageException {
        assertThat(limits("--ulimit", "nofile=1024:4096", "--ulimit", "core=-1", "--ulimit", "memlock=unlimited:-1")
                        .ulimits())
                .containsExactly(
                        new Limit(Resource.OPEN_FILES, 1024, 4096),
                        new Limit(Resource.CORE, Limit.UNLIMITED, Limit.UNLIMITED),
                        new Limit(Resource.LOCKED_MEMORY, Limit.UNLIMITED, Limit.UNLIMITED));
        assertThatThrownBy(() -> limits("--ulimit", "nofiles=1")).hasMessageContaining("nofiles=1");
        assertThatThrownBy(() -> limits("--ulimit", "nofile=2:1")).hasMessageContaining("soft limit above");
        assertThatThrownBy(() -> limits("--ulimit", "nofile=x")).hasMessageContaining("not a number");
    }
}
