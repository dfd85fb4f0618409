package dev.jbuild.core.api;

import java.util.Arrays;
import java.util.Optional;

/** What a RUN may only have when the caller of the build allows it, for it reaches out of the step's box. */
public enum Entitlement {
    /** The host's network. */
    NETWORK_HOST("network.host"),
    /** All capabilities, no filter of system calls, nothing hidden. */
    SECURITY_INSECURE("security.insecure");

    private final String text;

    Entitlement(String text) {
        this.text = text;
    }

    /** As {@code --allow} spells it. */
    public String text() {
        return text;
    }

    public static Optional<Entitlement> of(String text) {
        return Arrays.stream(values()).filter(e -> e.text.equals(text)).findFirst();
    }
}
