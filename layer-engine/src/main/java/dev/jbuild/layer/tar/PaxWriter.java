package dev.jbuild.layer.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The records of one PAX extended header, sorted by key. */
final class PaxWriter {
    private final SortedMap<String, byte[]> records = new TreeMap<>();

    void put(String key, byte[] value) {
        records.put(key, value);
    }

    void put(String key, long value) {
        put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    byte[] toBytes() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            byte[] key = record.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = record.getValue();
            // space, equals sign and line feed; the length counts its own digits
            int rest = 1 + key.length + 1 + value.length + 1;
            body.writeBytes(Integer.toString(withOwnDigits(rest)).getBytes(StandardCharsets.US_ASCII));
            body.write(' ');
            body.writeBytes(key);
            body.write('=');
            body.writeBytes(value);
            body.write('\n');
        }
        return body.toByteArray();
    }

    private static int withOwnDigits(int rest) {
        int length = rest + digits(rest);
        return rest + digits(length);
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }
}
