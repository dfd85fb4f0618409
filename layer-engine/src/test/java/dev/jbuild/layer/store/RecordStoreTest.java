package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStoreTest {
    private static final Digest KEY = Digest.of(new byte[] {1});
    private static final byte[] RECORD = "a record".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void givesBackWhatWasPutLast() throws Exception {
        assertThat(store.records().get(KEY)).isEmpty();

        store.records().put(KEY, new byte[0]);
        assertThat(store.records().get(KEY)).contains(new byte[0]);

        store.records().put(KEY, RECORD);
        assertThat(store.records().get(KEY)).contains(RECORD);
    }

    @Test
    void damagedRecordIsAbsentWhereverTheDamageIs() throws Exception {
        Path file = store.root().resolve("records").resolve(KEY.hex());
        store.records().put(KEY, RECORD);
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] damaged = good.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertThat(store.records().get(KEY)).isEmpty();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void recordCutShortByACrashIsAbsent() throws Exception {
        Path file = store.root().resolve("records").resolve(KEY.hex());
        store.records().put(KEY, RECORD);
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 63, 64, good.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThat(store.records().get(KEY)).isEmpty();
        }
    }

    @Test
    void recordUnderAnotherKeyIsAbsent() throws Exception {
        Digest other = Digest.of(new byte[] {2});
        store.records().put(KEY, RECORD);
        Path records = store.root().resolve("records");
        Files.move(records.resolve(KEY.hex()), records.resolve(other.hex()));

        assertThat(store.records().get(other)).isEmpty();
    }
}
