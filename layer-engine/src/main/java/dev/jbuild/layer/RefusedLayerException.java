package dev.jbuild.layer;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A layer breaks a rule and is not taken: one line that names the layer, the entry and the rule. */
public final class RefusedLayerException extends IOException {
    private static final long serialVersionUID = 1;

    private static final String UNNAMED = "the layer";

    private static final Pattern LIMIT = Pattern.compile("\\(((?:max|min)[A-Z][A-Za-z]+)\\)");

    private final String layer;
    private final String entry;
    private final String rule;

    /**
     * @param layer what is refused, as {@code layer sha256:…}
     * @param entry the offending entry, escaped for printing; empty when it is the layer as a whole
     * @param rule the rule as a sentence without its full stop, as {@code a hard link must name an entry of this image}
     */
    public RefusedLayerException(String layer, String entry, String rule) {
        super(layer + " is refused: " + (entry.isEmpty() ? "" : entry + ": ") + rule);
        this.layer = layer;
        this.entry = entry;
        this.rule = rule;
    }

    /** For a writer that does not know which layer it is given; see {@link #in}. */
    public RefusedLayerException(EntryPath entry, String rule) {
        this(UNNAMED, entry.toString(), rule);
    }

    /** The same refusal with the layer's name, unless it has one. */
    public RefusedLayerException in(String layerName) {
        if (!layer.equals(UNNAMED)) {
            return this;
        }
        RefusedLayerException named = new RefusedLayerException(layerName, entry, rule);
        named.initCause(this);
        return named;
    }

    /** The same refusal with the name of the image that has the layer, unless it has that. */
    public RefusedLayerException of(String image) {
        if (layer.endsWith(" of " + image)) {
            return this;
        }
        RefusedLayerException named = new RefusedLayerException(layer + " of " + image, entry, rule);
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

    /** The one of {@link LayerLimits} that the layer does not keep: its rule names that in parentheses. */
    public Optional<String> limit() {
        Matcher named = LIMIT.matcher(rule);
        return named.find() ? Optional.of(named.group(1)) : Optional.empty();
    }
}
