package dev.jbuild.layer.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Builds tar streams byte by byte, right ones and wrong ones; unlike the writer it believes whatever it is told. */
final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** One header block; every field can be spoiled before it is written. */
    static final class Header {
        private final byte[] block = new byte[512];
        private boolean keepsChecksum;

        Header(String name, char type) {
            field(257, "ustar\00000");
            field(0, name);
            field(100, "0000644\0");
            field(108, "0000000\0");
            field(116, "0000000\0");
            size(0);
            field(136, "00000000000\0");
            block[156] = (byte) type;
        }

        Header field(int offset, String latin1) {
            return field(offset, latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        Header field(int offset, byte[] bytes) {
            System.arraycopy(bytes, 0, block, offset, bytes.length);
            return this;
        }

        Header size(long size) {
            return field(124, String.format(Locale.ROOT, "%011o\0", size));
        }

        Header link(String target) {
            return field(157, target);
        }

        Header gnu() {
            return field(257, "ustar  \0");
        }

        /** From here on the checksum is the caller's. */
        Header checksum(String field) {
            keepsChecksum = true;
            return field(148, field);
        }

        byte[] toBytes() {
            if (!keepsChecksum) {
                Arrays.fill(block, 148, 156, (byte) ' ');
                int sum = 0;
                for (byte b : block) {
                    sum += b & 0xff;
                }
                field(148, String.format(Locale.ROOT, "%06o\0 ", sum));
            }
            return block;
        }
    }

    TarBytes header(Header header) {
        out.writeBytes(header.toBytes());
        return this;
    }

    /** An entry without content. */
    TarBytes entry(String name, char type) {
        return header(new Header(name, type));
    }

    TarBytes file(String name, String content) {
        return header(new Header(name, '0').size(content.length())).body(content);
    }

    /** Content, filled up to a block. */
    TarBytes body(String latin1) {
        return body(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    TarBytes body(byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & 511]);
        return this;
    }

    /** An extended header with these very bytes. */
    TarBytes extended(char type, String body) {
        return header(new Header("extended", type).size(body.length())).body(body);
    }

    /** A PAX header of well-formed records: key, value, key, value. */
    TarBytes pax(String... keysAndValues) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            body.append(record(keysAndValues[i], keysAndValues[i + 1]));
        }
        return extended('x', body.toString());
    }

    static String record(String key, String value) {
        int rest = key.length() + value.length() + 3;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    /** Any bytes, unpadded. */
    TarBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Without an end mark. */
    byte[] open() {
        return out.toByteArray();
    }

    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }
}
