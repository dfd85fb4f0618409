package dev.jbuild.layer.store;

import java.util.List;

/**
 * What a check of the store's files has found.
 *
 * @param blobBytes that were hashed
 * @param problems a sentence each, with what was done about it
 */
public record StoreReport(int blobs, long blobBytes, int trees, int records, List<String> problems) {
    public StoreReport {
        problems = List.copyOf(problems);
    }
}
