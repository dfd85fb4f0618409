package dev.jbuild.layer.tar;

import com.github.luben.zstd.ZstdOutputStream;
import dev.jbuild.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Layers that would take more memory than there is, were they believed; each is made while it is read. */
public enum EndlessTars {
    /** Each with a PAX header that is as long as may be. */
    DIRECTORIES_WITH_ATTRIBUTES {
        @Override
        Stream<byte[]> pieces() {
            String value = "v".repeat(65_000);
            String[] records = IntStream.range(0, 32)
                    .mapToObj(i -> i % 2 == 0 ? PaxRecords.XATTR + "user.a" + i : value)
                    .toArray(String[]::new);
            return numbers(2_000)
                    .mapToObj(
                            i -> new TarBytes().pax(records).entry("d" + i, '5').open());
        }
    },
    /** Of paths as long as may be, and of which there is none below. */
    WHITEOUTS_OF_LONG_PATHS {
        @Override
        Stream<byte[]> pieces() {
            String directory = ("p".repeat(250) + "/").repeat(261);
            return numbers(Numbers.MOST_ENTRIES)
                    .mapToObj(i -> new TarBytes()
                            .pax("path", directory + ".wh." + i)
                            .entry("x", '0')
                            .open());
        }
    },
    LEVELS_UPON_LEVELS {
        @Override
        Stream<byte[]> pieces() {
            return numbers(2)
                    .mapToObj(i -> new TarBytes()
                            .pax("path", "d/".repeat(32_000) + i)
                            .entry("x", '0')
                            .open());
        }
    },
    /** One more than may be, all of them there and none twice. */
    ONE_ENTRY_TOO_MANY {
        @Override
        Stream<byte[]> pieces() {
            return numbers(Numbers.MOST_ENTRIES + 1)
                    .mapToObj(i -> new TarBytes().entry(i / 1000 + "/" + i, '0').open());
        }
    },
    NAMES_AS_LONG_AS_MAY_BE {
        @Override
        Stream<byte[]> pieces() {
            String name = "/" + "n".repeat(245);
            return numbers(Numbers.MOST_ENTRIES)
                    .mapToObj(i -> new TarBytes()
                            .pax("path", i / 1000 + name + i)
                            .entry("x", '0')
                            .open());
        }
    },
    SPARSE_OF_2_TO_60 {
        @Override
        Stream<byte[]> pieces() {
            return Stream.of(HostileTars.all().get("sparse-of-2-to-60"));
        }
    },
    /** As large as is allowed, and filled. */
    ZSTD_WINDOW {
        @Override
        Stream<byte[]> pieces() {
            byte[] piece = new byte[1 << 20];
            Random random = new Random(1);
            Stream<byte[]> content = numbers(160).mapToObj(i -> {
                byte[] bytes = new byte[piece.length / 8];
                random.nextBytes(bytes);
                return Arrays.copyOf(bytes, piece.length);
            });
            byte[] header = new TarBytes()
                    .header(new TarBytes.Header("f", '0').size(160L << 20))
                    .open();
            return Stream.concat(Stream.concat(Stream.of(header), content), Stream.of(new byte[1024]));
        }

        @Override
        public String mediaType() {
            return MediaTypes.OCI_LAYER_ZSTD;
        }

        @Override
        public InputStream open() throws IOException {
            Path file = Files.createTempFile("window", ".zst");
            try (ZstdOutputStream out = new ZstdOutputStream(Files.newOutputStream(file), 1).setLong(27)) {
                for (byte[] piece : (Iterable<byte[]>) pieces()::iterator) {
                    out.write(piece);
                }
            }
            return Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE);
        }
    };

    /** Constants of an enum's own are made after its members. */
    private static final class Numbers {
        static final int MOST_ENTRIES = 2_000_000;
    }

    abstract Stream<byte[]> pieces();

    public String mediaType() {
        return MediaTypes.OCI_LAYER;
    }

    public InputStream open() throws IOException {
        return new Pieces(pieces().iterator());
    }

    private static final class Pieces extends InputStream {
        private final Iterator<byte[]> pieces;
        private ByteArrayInputStream piece = new ByteArrayInputStream(new byte[0]);

        Pieces(Iterator<byte[]> pieces) {
            this.pieces = pieces;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            while (piece.available() == 0 && pieces.hasNext()) {
                piece = new ByteArrayInputStream(pieces.next());
            }
            return piece.read(buffer, offset, length);
        }
    }

    /** A layer for these to lie on. */
    public static byte[] lower() {
        return new TarBytes().file("below", "x").end();
    }

    private static IntStream numbers(int count) {
        return IntStream.range(0, count);
    }
}
