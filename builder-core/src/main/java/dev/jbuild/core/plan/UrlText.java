package dev.jbuild.core.plan;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** The parts of addresses (RFC 3986), read from their text. */
final class UrlText {
    private UrlText() {}

    /** The scheme in lower case; empty when the text is no address with {@code ://}. */
    static String scheme(String url) {
        int colon = url.indexOf("://");
        boolean isScheme = colon > 0 && url.substring(0, colon).chars().allMatch(UrlText::isSchemeCharacter);
        return isScheme ? url.substring(0, colon).toLowerCase(Locale.ROOT) : "";
    }

    /** The address without its fragment. */
    static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    /** What stands behind the first {@code #}; empty when there is none. */
    static String fragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? "" : url.substring(hash + 1);
    }

    /** What stands behind the first {@code ?} of an address without fragment; empty when there is none. */
    static String query(String url) {
        int mark = url.indexOf('?');
        return mark < 0 ? "" : url.substring(mark + 1);
    }

    static String withoutQuery(String url) {
        int mark = url.indexOf('?');
        return mark < 0 ? url : url.substring(0, mark);
    }

    /** The path, decoded; empty when there is none. */
    static String path(String url) {
        String whole = withoutQuery(withoutFragment(url));
        int slash = whole.indexOf('/', whole.indexOf("://") + 3);
        return slash < 0 ? "" : decoded(whole.substring(slash));
    }

    /** The user information before the host, {@code @} excluded; empty when there is none. */
    static String userInfo(String url) {
        int start = url.indexOf("://") + 3;
        int at = url.substring(0, authorityEnd(url, start)).lastIndexOf('@');
        return at < start ? "" : url.substring(start, at);
    }

    /** The host, with its port where one is given. */
    static String host(String url) {
        String plain = withoutUserInfo(url);
        int start = plain.indexOf("://") + 3;
        return plain.substring(start, authorityEnd(plain, start));
    }

    /** The address without user information. */
    static String withoutUserInfo(String url) {
        int start = url.indexOf("://") + 3;
        int at = url.substring(0, authorityEnd(url, start)).lastIndexOf('@');
        return at < start ? url : url.substring(0, start) + url.substring(at + 1);
    }

    /** Percent signs as the bytes they stand for; a sign that stands for nothing stays. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] given = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < given.length; i++) {
            boolean encoded = given[i] == '%'
                    && i + 2 < given.length
                    && HexFormat.isHexDigit(given[i + 1])
                    && HexFormat.isHexDigit(given[i + 2]);
            bytes.write(
                    encoded
                            ? HexFormat.fromHexDigit(given[i + 1]) * 16 + HexFormat.fromHexDigit(given[i + 2])
                            : given[i]);
            i += encoded ? 2 : 0;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int authorityEnd(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }

    private static boolean isSchemeCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
