package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskReserveTest {
    private static final EntryPath FILE = EntryPath.of("d/file");

    private final AtomicLong free = new AtomicLong(1000);
    private final AtomicInteger asked = new AtomicInteger();
    private final DiskReserve disk = new DiskReserve(100, () -> {
        asked.incrementAndGet();
        return free.get();
    });

    @Test
    void allButTheReserveCanBeWritten() {
        assertThatCode(() -> disk.take(FILE, 900)).doesNotThrowAnyException();
    }

    @Test
    void aByteOfTheReserveIsRefusedByEntryAndRule() {
        assertThatThrownBy(() -> disk.take(FILE, 901))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessage(
                        "the layer is refused: d/file: less than 100 bytes of the disk would be free (minFreeBytes)");
    }

    @Test
    void whatOthersWriteMeanwhileIsNotTakenForFree() {
        for (int i = 0; i < 500; i++) {
            write(1);
            free.addAndGet(-1);
        }

        assertThatThrownBy(() -> disk.take(FILE, 1)).isInstanceOf(RefusedLayerException.class);
        assertThat(free).hasValueBetween(0L, 100L);
    }

    @Test
    void theFileSystemIsAskedSeldom() {
        free.set(1_000_000);
        for (int i = 0; i < 100_000; i++) {
            write(1);
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void aDiskThatHasLessThanTheReserveTakesNothing() {
        free.set(99);

        assertThatThrownBy(() -> disk.take(FILE, 1)).isInstanceOf(RefusedLayerException.class);
    }

    private void write(int bytes) {
        try {
            disk.take(FILE, bytes);
            free.addAndGet(-bytes);
        } catch (java.io.IOException e) {
            assertThat(e).isInstanceOf(RefusedLayerException.class);
        }
    }
}
