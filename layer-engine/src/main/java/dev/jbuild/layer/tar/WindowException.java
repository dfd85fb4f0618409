package dev.jbuild.layer.tar;

import java.io.IOException;

/** A compressed stream asks its reader to keep more of what it has read than the limit allows. */
final class WindowException extends IOException {
    private static final long serialVersionUID = 1;

    private final String rule;

    /** @param asked what for, as {@code a zstd window of 268435456 bytes} */
    WindowException(String asked, long limit) {
        String rule = asked + "; the limit (maxZstdWindowBytes) is " + limit;
        super(rule);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
