package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestIndexTest {
    private static final EntryPath FILE = EntryPath.of(new byte[] {'d', '/', (byte) 0xff});
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final FileStamp OLD = stamp(1_600_000_000);

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
    void remembersAcrossBuilds() throws Exception {
        save(OLD);

        assertThat(open().find(FILE, OLD)).contains(DIGEST);
        assertThat(open().find(EntryPath.of("other"), OLD)).isEmpty();
        assertThat(store.digests().open("/another/context").find(FILE, OLD)).isEmpty();
    }

    @Test
    void anyChangeOfTheStampForgets() throws Exception {
        save(OLD);
        Timestamp other = new Timestamp(1_600_000_000, 1);

        assertThat(open().find(FILE, new FileStamp(2, 2, 3, OLD.mtime(), OLD.ctime())))
                .isEmpty();
        assertThat(open().find(FILE, new FileStamp(1, 3, 3, OLD.mtime(), OLD.ctime())))
                .isEmpty();
        assertThat(open().find(FILE, new FileStamp(1, 2, 4, OLD.mtime(), OLD.ctime())))
                .isEmpty();
        assertThat(open().find(FILE, new FileStamp(1, 2, 3, other, OLD.ctime())))
                .isEmpty();
        assertThat(open().find(FILE, new FileStamp(1, 2, 3, OLD.mtime(), other)))
                .isEmpty();
    }

    /** A file of this very moment may change once more without changing its stamp. */
    @Test
    void fileThatHadNotRestedIsReadAgainByTheNextBuild() throws Exception {
        FileStamp now = stamp(Instant.now().getEpochSecond());
        FileDigestIndex index = open();
        index.put(FILE, now, DIGEST);
        assertThat(index.find(FILE, now)).contains(DIGEST);
        index.save();

        assertThat(open().find(FILE, now)).isEmpty();
    }

    @Test
    void modificationTimeSetIntoTheFutureOrPastDoesNotHideAChange() throws Exception {
        Timestamp now = new Timestamp(Instant.now().getEpochSecond(), 0);
        FileStamp backdated = new FileStamp(1, 2, 3, OLD.mtime(), now);
        FileStamp future = new FileStamp(1, 2, 3, new Timestamp(now.seconds() + 1_000_000, 0), OLD.ctime());
        for (FileStamp stamp : new FileStamp[] {backdated, future}) {
            save(stamp);
            assertThat(open().find(FILE, stamp)).isEmpty();
        }
    }

    @Test
    void unrestedFileAlsoDropsWhatWasKnownBefore() throws Exception {
        save(OLD);
        save(stamp(Instant.now().getEpochSecond()));

        assertThat(open().find(FILE, OLD)).isEmpty();
    }

    @Test
    void damagedIndexIsAnEmptyOne() throws Exception {
        save(OLD);
        Path file = file();
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] damaged = good.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertThat(open().find(FILE, OLD)).isEmpty();
        }
        Files.write(file, new byte[0]);
        assertThat(open().find(FILE, OLD)).isEmpty();
    }

    @Test
    void unchangedIndexIsNotWrittenAgain() throws Exception {
        save(OLD);
        Path file = file();
        Object before = Files.getAttribute(file, "unix:ino");
        FileDigestIndex index = open();
        index.find(FILE, OLD);
        index.save();

        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
    }

    @Test
    void filesNobodyAsksForAnyMoreAreForgottenInTheEnd() throws Exception {
        save(OLD);
        for (int i = 0; i <= FileDigestIndex.LONGEST_REST; i++) {
            FileDigestIndex index = open();
            index.put(EntryPath.of("other"), stamp(1_000_000 + i), DIGEST);
            index.save();
        }

        assertThat(open().find(FILE, OLD)).isEmpty();
        assertThat(open().find(EntryPath.of("other"), stamp(1_000_000 + FileDigestIndex.LONGEST_REST)))
                .contains(DIGEST);
    }

    private void save(FileStamp stamp) throws IOException {
        FileDigestIndex index = open();
        index.put(FILE, stamp, DIGEST);
        index.save();
    }

    private FileDigestIndex open() throws IOException {
        return store.digests().open("/context");
    }

    private Path file() throws IOException {
        try (var files = Files.list(store.root().resolve("digests"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static FileStamp stamp(long seconds) {
        Timestamp time = new Timestamp(seconds, 0);
        return new FileStamp(1, 2, 3, time, time);
    }
}
