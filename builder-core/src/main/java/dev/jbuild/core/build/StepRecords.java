package dev.jbuild.core.build;

import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.layer.store.RecordStore;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The cache of finished steps. */
record StepRecords(RecordStore store) {
    Optional<StepRecord> find(CacheKey key) throws IOException {
        Optional<byte[]> bytes = store.get(key.digest());
        try {
            return bytes.isPresent() ? Optional.of(StepRecord.parse(bytes.get())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("the record of step " + key.digest() + " is damaged: " + e.getMessage(), e);
        }
    }

    /** The names of the trees that steps made, by the blob that their layer was written as. */
    Map<Digest, Set<String>> treesByLayer() throws IOException {
        Map<Digest, Set<String>> trees = new HashMap<>();
        store.forEach(bytes -> {
            Optional<StepRecord> step = step(bytes);
            step.flatMap(StepRecord::layer)
                    .ifPresent(layer -> trees.computeIfAbsent(layer.descriptor().digest(), _ -> new TreeSet<>())
                            .add(step.orElseThrow().treeId()));
        });
        return trees;
    }

    /** Empty for a record of something else: the records of all kinds lie together, each whole by its checksum. */
    private static Optional<StepRecord> step(byte[] record) {
        try {
            return Optional.of(StepRecord.parse(record))
                    .filter(step -> !step.treeId().isEmpty());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void put(CacheKey key, StepRecord record) throws IOException {
        store.put(key.digest(), record.toBytes());
    }

    /** The content that a copy from an unchanged stage had the last time. */
    Optional<Digest> findContent(CacheKey key) throws IOException {
        Optional<byte[]> bytes = store.get(key.digest());
        return bytes.map(text -> Digest.parse(new String(text, StandardCharsets.US_ASCII)));
    }

    void putContent(CacheKey key, Digest content) throws IOException {
        store.put(key.digest(), content.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
