package dev.jbuild.core.fetch;

import java.util.Map;

/**
 * How git logs in to an http or https server.
 *
 * @param scope the address that the header goes to, and all below it
 * @param header the value of {@code Authorization}
 * @param secret what must not be shown, beside the header
 */
record GitLogin(String scope, String header, String secret) {
    private static final String HIDDEN = "***";

    /** A server that asks for a login and then leads elsewhere is not followed: the login would go there. */
    Map<String, String> settings() {
        return Map.of("http." + scope + ".extraHeader", "Authorization: " + header, "http.followRedirects", "false");
    }

    /** The text without the login: a server may say it back. */
    String hiddenIn(String text) {
        String credentials = header.substring(header.indexOf(' ') + 1);
        String password = secret.substring(secret.indexOf(':') + 1);
        String hidden = text.replace(credentials, HIDDEN).replace(secret, HIDDEN);
        return password.isEmpty() ? hidden : hidden.replace(password, HIDDEN);
    }

    @Override
    public String toString() {
        return "GitLogin[scope=" + scope + "]";
    }
}
