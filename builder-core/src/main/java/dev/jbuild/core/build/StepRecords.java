package dev.jbuild.core.build;

import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.layer.store.RecordStore;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
