package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import java.io.IOException;

/** A compressed stream asks its reader to keep more of what it has read than the limit allows. */
final class WindowException extends IOException {
    private static final long serialVersionUID = 1;

    private final String rule;

    private final LayerLimit limit;

    /**
     * @param asked what for, as {@code a zstd window of 268435456 bytes}
     * @param limit in bytes
     */
    WindowException(String asked, long limit) {
        LayerLimit window = new LayerLimit(LayerLimits.MAX_WINDOW, limit);
        String rule = asked + window.asEnd();
        super(rule);
        this.rule = rule;
        this.limit = window;
    }

    String rule() {
        return rule;
    }

    LayerLimit limit() {
        return limit;
    }
}
