package dev.jbuild.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The bytes of a path that the JDK holds. */
final class HostPath {
    private HostPath() {}

    /**
     * A {@link Path} keeps the kernel's bytes but shows them through the JVM's encoding, which loses what that cannot
     * express. Its URI escapes them one by one.
     */
    static byte[] bytes(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String escaped = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            // A byte outside the JVM's encoding shows as U+FFFD or, in an ASCII locale, as a question mark.
            if (text.charAt(i) >= 0x7f || text.charAt(i) == '?') {
                return false;
            }
        }
        return true;
    }
}
