package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The {@code length key=value\n} records of a PAX extended header (POSIX.1-2001 pax). Two readers must never see two
 * values: a key that comes twice is refused, so are NULs in names and lengths that do not meet a line's end.
 */
final class PaxRecords {
    static final String XATTR = "SCHILY.xattr.";

    private final Map<String, Bytes> values;

    private PaxRecords(Map<String, Bytes> values) {
        this.values = values;
    }

    static PaxRecords none() {
        return new PaxRecords(Map.of());
    }

    static PaxRecords parse(byte[] body) throws TarSyntaxException {
        Map<String, Bytes> values = new LinkedHashMap<>();
        for (int at = 0; at < body.length; ) {
            int space = lengthEnd(body, at);
            int end = at + recordLength(body, at, space);
            if (end > body.length || end <= space + 1 || body[end - 1] != '\n') {
                throw new TarSyntaxException("a PAX record's length does not meet the end of its line");
            }
            put(values, body, space + 1, end - 1);
            at = end;
        }
        return new PaxRecords(values);
    }

    /** A value's bytes; absent also when empty, which POSIX defines as "take the header's". */
    Optional<Bytes> bytes(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    Optional<String> text(String key) {
        return bytes(key).map(Bytes::text);
    }

    Iterable<String> keys() {
        return values.keySet();
    }

    boolean hasSparseKeys() {
        return values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
    }

    /** The extended attributes by their names; values may hold any byte. */
    SortedMap<String, Bytes> xattrs(LayerLimits limits) throws TarSyntaxException {
        SortedMap<String, Bytes> xattrs = new TreeMap<>();
        for (Map.Entry<String, Bytes> record : values.entrySet()) {
            if (record.getKey().startsWith(XATTR)) {
                requireFits(record.getValue(), limits);
                xattrs.put(record.getKey().substring(XATTR.length()), record.getValue());
            }
        }
        if (xattrs.size() > limits.maxXattrs()) {
            LayerLimit limit = new LayerLimit("maxXattrs", limits.maxXattrs());
            throw new TarSyntaxException(xattrs.size() + " extended attributes" + limit.asEnd(), limit);
        }
        return xattrs;
    }

    private static void requireFits(Bytes value, LayerLimits limits) throws TarSyntaxException {
        if (value.length() > limits.maxXattrBytes()) {
            LayerLimit limit = new LayerLimit("maxXattrBytes", limits.maxXattrBytes());
            throw new TarSyntaxException(
                    "an extended attribute of " + value.length() + " bytes" + limit.asEnd(), limit);
        }
    }

    private static int lengthEnd(byte[] body, int from) throws TarSyntaxException {
        int at = from;
        while (at < body.length && body[at] >= '0' && body[at] <= '9') {
            at++;
        }
        // A body has at most 1 MiB: more than 9 digits cannot be true.
        if (at == from || at - from > 9 || body[from] == '0' || at == body.length || body[at] != ' ') {
            throw new TarSyntaxException("a PAX record does not start with its length");
        }
        return at;
    }

    private static int recordLength(byte[] body, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            length = length * 10 + (body[i] - '0');
        }
        return length;
    }

    private static void put(Map<String, Bytes> values, byte[] body, int from, int to) throws TarSyntaxException {
        int equals = from;
        while (equals < to && body[equals] != '=') {
            equals++;
        }
        if (equals == from || equals == to) {
            throw new TarSyntaxException("a PAX record is not key=value");
        }
        String key = key(body, from, equals);
        Bytes value = Bytes.of(body, equals + 1, to);
        if (!key.startsWith(XATTR) && value.contains('\0')) {
            throw new TarSyntaxException("the PAX value of " + Bytes.of(key) + " holds a NUL");
        }
        if (values.put(key, value) != null) {
            throw new TarSyntaxException("the PAX key " + Bytes.of(key) + " comes twice");
        }
    }

    private static String key(byte[] body, int from, int to) throws TarSyntaxException {
        Bytes key = Bytes.of(body, from, to);
        if (key.contains('\0')) {
            throw new TarSyntaxException("a PAX key holds a NUL");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TarSyntaxException("a PAX key is not UTF-8: " + key, e);
        }
    }
}
