package dev.jbuild.layer;

import java.io.IOException;
import java.util.Optional;

/** A layer breaks a rule and is not taken: one line that names the layer, the entry and the rule. */
public final class RefusedLayerException extends IOException {
    private static final long serialVersionUID = 1;

    private static final String UNNAMED = "the layer";

    private final String layer;
    private final String entry;
    private final String rule;

    private final Optional<LayerLimit> limit;

    /**
     * @param layer what is refused, as {@code layer sha256:…}
     * @param entry the offending entry, escaped for printing; empty when it is the layer as a whole
     * @param rule the rule as a sentence without its full stop, as {@code a hard link must name an entry of this image}
     */
    public RefusedLayerException(String layer, String entry, String rule) {
        this(layer, entry, rule, Optional.empty());
    }

    /** @param limit that is not kept, if it is one; the rule names it */
    public RefusedLayerException(String layer, String entry, String rule, Optional<LayerLimit> limit) {
        super(layer + " is refused: " + (entry.isEmpty() ? "" : entry + ": ") + rule);
        this.layer = layer;
        this.entry = entry;
        this.rule = rule;
        this.limit = limit;
    }

    /** For a writer that does not know which layer it is given; see {@link #in}. */
    public RefusedLayerException(EntryPath entry, String rule) {
        this(UNNAMED, entry.toString(), rule);
    }

    /** The same for a limit that is not kept, which the rule names. */
    public RefusedLayerException(EntryPath entry, String rule, LayerLimit limit) {
        this(UNNAMED, entry.toString(), rule, Optional.of(limit));
    }

    /** The same refusal with the layer's name, unless it has one. */
    public RefusedLayerException in(String layerName) {
        if (!layer.equals(UNNAMED)) {
            return this;
        }
        RefusedLayerException named = new RefusedLayerException(layerName, entry, rule, limit);
        named.initCause(this);
        return named;
    }

    /** The same refusal with the name of the image that has the layer, unless it has that. */
    public RefusedLayerException of(String image) {
        if (layer.endsWith(" of " + image)) {
            return this;
        }
        RefusedLayerException named = new RefusedLayerException(layer + " of " + image, entry, rule, limit);
        named.initCause(this);
        return named;
    }

    public String layer() {
        return layer;
    }

    public String entry() {
        return entry;
    }

    public String rule() {
        return rule;
    }

    /** The limit that the layer does not keep; empty when the rule is another one. */
    public Optional<LayerLimit> limit() {
        return limit;
    }
}
