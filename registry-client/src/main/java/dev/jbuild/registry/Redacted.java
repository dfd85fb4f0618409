package dev.jbuild.registry;

import java.net.URI;

/** Makes text fit for messages: no secrets, no control characters, no endless length. */
final class Redacted {
    private static final int LONGEST = 300;

    private Redacted() {}

    /** A URL without user information and without the values of its query: signed URLs are secrets. */
    static String url(URI uri) {
        StringBuilder shown = new StringBuilder();
        if (uri.getScheme() != null && uri.getHost() != null) {
            shown.append(Origin.of(uri));
        }
        shown.append(uri.getRawPath() == null ? "" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            shown.append("?…");
        }
        return text(shown.toString());
    }

    /** Text of a server, cut and stripped of what could steer a terminal. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
        }
        return text.length() > LONGEST ? shown + "…" : shown.toString();
    }
}
