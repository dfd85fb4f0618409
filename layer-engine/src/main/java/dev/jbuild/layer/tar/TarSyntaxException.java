package dev.jbuild.layer.tar;

import java.io.IOException;

/** A tar stream breaks a rule; the reader adds which layer and which entry. */
final class TarSyntaxException extends IOException {
    private static final long serialVersionUID = 1;

    private final String rule;

    /** @param rule the broken rule as a sentence without its full stop */
    TarSyntaxException(String rule) {
        super(rule);
        this.rule = rule;
    }

    TarSyntaxException(String rule, Exception cause) {
        this(rule);
        initCause(cause);
    }

    String rule() {
        return rule;
    }
}
