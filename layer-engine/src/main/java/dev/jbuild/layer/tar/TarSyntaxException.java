package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/** A tar stream breaks a rule; the reader adds which layer and which entry. */
final class TarSyntaxException extends IOException {
    private static final long serialVersionUID = 1;

    private final String rule;

    /** None or one; a list, for it is serializable. */
    private final ArrayList<LayerLimit> limits = new ArrayList<>();

    /** @param rule the broken rule as a sentence without its full stop */
    TarSyntaxException(String rule) {
        super(rule);
        this.rule = rule;
    }

    /** @param limit that is not kept, which the rule names */
    TarSyntaxException(String rule, LayerLimit limit) {
        this(rule);
        limits.add(limit);
    }

    TarSyntaxException(String rule, Exception cause) {
        this(rule);
        initCause(cause);
    }

    String rule() {
        return rule;
    }

    Optional<LayerLimit> limit() {
        return limits.stream().findFirst();
    }
}
