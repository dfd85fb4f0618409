package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.linux.IsalLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gzip file is the same to both decoders: generated files of every form, whole, cut, followed and damaged. */
class GzipInflaterTest {
    private static final int ROUNDS = Integer.getInteger("jbuild.seeds", 20) * 3;
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    @BeforeEach
    void needsTheLibrary() throws IOException {
        assumeTrue(Isal.isInstalled(), "libisal.so.2 (Debian's package libisal2) is not installed");
        assertThat(IsalLibrary.find()).isPresent();
    }

    @Test
    void bothReadEveryMemberWhateverItsHeaderHolds() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            makeFile(new Random(seed));

            assertThat(bothOf(file.toByteArray(), seed)).as("seed %s", seed).contains(content.toByteArray());
        }
    }

    @Test
    void bothRefuseAFileThatIsCut() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            makeFile(random);
            int last = file.size();
            putMember(random);
            byte[] cut = Arrays.copyOf(file.toByteArray(), last + 1 + random.nextInt(file.size() - last - 1));

            assertThat(bothOf(cut, seed)).as("seed %s", seed).isEmpty();
        }
    }

    @Test
    void bothRefuseWhatFollowsTheLastMember() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            makeFile(random);
            byte[] followed = Arrays.copyOf(file.toByteArray(), file.size() + 1 + random.nextInt(20));

            assertThat(bothOf(followed, seed)).as("seed %s", seed).isEmpty();
        }
    }

    @Test
    void bothMakeTheSameOfADamagedFile() throws Exception {
        int accepted = 0;
        for (int seed = 0; seed < ROUNDS * 5; seed++) {
            Random random = new Random(seed);
            makeFile(random);
            byte[] damaged = file.toByteArray();
            damaged[random.nextInt(random.nextBoolean() ? damaged.length : Math.min(damaged.length, 60))] ^=
                    (byte) (1 << random.nextInt(8));
            // A time or a name may change without harm; content may not.
            Optional<byte[]> read = bothOf(damaged, seed);
            accepted += read.isPresent() ? 1 : 0;
            read.ifPresent(bytes -> assertThat(bytes).isEqualTo(content.toByteArray()));
        }
        assertThat(accepted).isBetween(1, ROUNDS * 4);
    }

    private static Optional<byte[]> bothOf(byte[] file, int seed) throws IOException {
        Optional<byte[]> jdk = read(file, new DeflateDecoder.Jdk(), seed);
        Optional<byte[]> isal = read(file, DeflateDecoder.fastest(), seed);
        assertThat(isal.isPresent()).as("ISA-L accepts seed %s", seed).isEqualTo(jdk.isPresent());
        assertThat(isal.orElse(new byte[0])).as("seed %s", seed).isEqualTo(jdk.orElse(new byte[0]));
        return jdk;
    }

    private static Optional<byte[]> read(byte[] file, DeflateDecoder decoder, int seed) throws IOException {
        Random random = new Random(seed);
        int longest = 1 << random.nextInt(17);
        InputStream pieces = new ByteArrayInputStream(file) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(longest)));
            }
        };
        try (GzipInflater in = new GzipInflater(pieces, decoder)) {
            return Optional.of(in.readAllBytes());
        } catch (ZipException | EOFException e) {
            return Optional.empty();
        }
    }

    private void makeFile(Random random) {
        file.reset();
        content.reset();
        for (int members = 1 + random.nextInt(4); members > 0; members--) {
            putMember(random);
        }
    }

    private void putMember(Random random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(1 << random.nextInt(17))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : i >> 4);
        }
        content.writeBytes(bytes);
        putHeader(random);
        file.writeBytes(deflate(random, bytes));
        CRC32 crc = new CRC32();
        crc.update(bytes);
        put(4, crc.getValue());
        put(4, bytes.length);
    }

    private void putHeader(Random random) {
        int flags = random.nextInt(16) << 1;
        file.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
        if ((flags & FEXTRA) != 0) {
            byte[] extra = new byte[random.nextInt(1 << random.nextInt(16))];
            put(2, extra.length);
            file.writeBytes(extra);
        }
        if ((flags & FNAME) != 0) {
            file.writeBytes(new byte[] {'n', 'a', 'm', 'e', 0});
        }
        if ((flags & FCOMMENT) != 0) {
            file.write(0);
        }
        if ((flags & FHCRC) != 0) {
            put(2, random.nextInt());
        }
    }

    private void put(int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            file.write((int) (value >>> (8 * i)));
        }
    }

    private static byte[] deflate(Random random, byte[] bytes) {
        byte[] stream = new byte[bytes.length + bytes.length / 100 + 1000];
        try (Deflater deflater = new Deflater(random.nextInt(10), true)) {
            deflater.setInput(bytes);
            deflater.finish();
            return Arrays.copyOf(stream, deflater.deflate(stream));
        }
    }
}
