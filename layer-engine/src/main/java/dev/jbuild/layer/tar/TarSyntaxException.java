package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimit;
import java.io.IOException;
import java.util.Optional;

/** A tar stream breaks a rule; the reader adds which layer and which entry. */
final class TarSyntaxException extends IOException {
    private static final long serialVersionUID = 1;

    private final String rule;

    private final Optional<LayerLimit> limit;

    /** @param rule the broken rule as a sentence without its full stop */
    TarSyntaxException(String rule) {
        this(rule, Optional.empty());
    }

    /** @param limit that is not kept, which the rule names */
    TarSyntaxException(String rule, LayerLimit limit) {
        this(rule, Optional.of(limit));
    }

    private TarSyntaxException(String rule, Optional<LayerLimit> limit) {
        super(rule);
        this.rule = rule;
        this.limit = limit;
    }

    TarSyntaxException(String rule, Exception cause) {
        this(rule);
        initCause(cause);
    }

    String rule() {
        return rule;
    }

    Optional<LayerLimit> limit() {
        return limit;
    }
}
