package dev.jbuild.core.plan;

import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step's result depends on, as a tree of named leaves: equal keys, equal results. The tree is kept, not only its
 * hash, so that a miss can be explained.
 */
public final class CacheKey {
    private final String kind;
    private final Map<String, String> leaves;
    private final List<CacheKey> inputs;
    private final Digest digest;

    private CacheKey(String kind, Map<String, String> leaves, List<CacheKey> inputs) {
        this.kind = kind;
        this.leaves = Collections.unmodifiableMap(new LinkedHashMap<>(leaves));
        this.inputs = List.copyOf(inputs);
        this.digest = hash();
    }

    /** Starts a key; the kind keeps keys of different steps apart. */
    public static Draft of(String kind) {
        return new Draft(kind);
    }

    public String kind() {
        return kind;
    }

    public Map<String, String> leaves() {
        return leaves;
    }

    public List<CacheKey> inputs() {
        return inputs;
    }

    /** The key's own address. */
    public Digest digest() {
        return digest;
    }

    private Digest hash() {
        MessageDigest hash = Digest.sha256();
        put(hash, kind);
        leaves.forEach((name, value) -> {
            put(hash, name);
            put(hash, value);
        });
        put(hash, Integer.toString(inputs.size()));
        inputs.forEach(input -> put(hash, input.digest.toString()));
        return Digest.ofSha256(hash.digest());
    }

    /** With its length, so that no two lists of strings read the same. */
    private static void put(MessageDigest hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        hash.update(bytes);
    }

    /** A key in the making. */
    public static final class Draft {
        private final String kind;
        private final Map<String, String> leaves = new LinkedHashMap<>();
        private final List<CacheKey> inputs = new ArrayList<>();

        private Draft(String kind) {
            this.kind = kind;
        }

        public Draft leaf(String name, String value) {
            leaves.put(name, value);
            return this;
        }

        /** A list: each element with its length, so that {@code [a, b]} and {@code [a b]} differ. */
        public Draft leaf(String name, Iterable<String> values) {
            StringBuilder text = new StringBuilder();
            for (String value : values) {
                text.append(value.length()).append(':').append(value);
            }
            return leaf(name, text.toString());
        }

        public Draft input(CacheKey key) {
            inputs.add(key);
            return this;
        }

        public CacheKey build() {
            return new CacheKey(kind, leaves, inputs);
        }
    }
}
