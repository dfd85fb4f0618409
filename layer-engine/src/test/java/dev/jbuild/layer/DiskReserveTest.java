package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskReserveTest {
    private static final EntryPath FILE = EntryPath.of("d/file");

    private final AtomicLong free = new AtomicLong(1000);
    private final AtomicInteger asked = new AtomicInteger();
    private final DiskReserve disk = new DiskReserve(Path.of("/store"), 100, () -> {
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
                        "the layer is refused: d/file: the disk of /store would have less than 100 bytes free (minFreeBytes)");
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

    @Test
    void entriesWithoutContentTakeTheirBlocksAndAttributes() throws IOException {
        free.set(100 + 4096 + 5000);
        SortedMap<String, Bytes> attributes = new TreeMap<>(Map.of("user.a", Bytes.of("v".repeat(5000))));

        disk.takeEntry(LayerEntry.directory(FILE, 0755).withXattrs(attributes));
        free.set(100 + 4095);
        assertThatThrownBy(() -> disk.takeEntry(LayerEntry.directory(FILE, 0755)))
                .isInstanceOf(RefusedLayerException.class);
    }

    @Test
    void whereNothingIsToStayFreeTheFileSystemIsNotAsked() throws IOException {
        DiskReserve all = new DiskReserve(Path.of("/store"), 0, () -> {
            throw new IOException("asked");
        });

        assertThatCode(() -> all.take(FILE, 1 << 30)).doesNotThrowAnyException();
    }

    @Test
    void aLargeDiskIsAskedEvery64MebibytesForOthersWriteToo() throws IOException {
        free.set(1L << 40);
        for (int i = 0; i < 100; i++) {
            disk.take(FILE, 32 << 20);
        }

        assertThat(asked).hasValue(50);
    }

    private void write(int bytes) {
        try {
            disk.take(FILE, bytes);
            free.addAndGet(-bytes);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(RefusedLayerException.class);
        }
    }
}
