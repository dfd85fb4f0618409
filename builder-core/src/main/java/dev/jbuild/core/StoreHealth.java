package dev.jbuild.core;

import dev.jbuild.layer.store.StoreReport;
import java.util.List;

/**
 * What a check of the store has found.
 *
 * @param images that were validated
 * @param problems a sentence each, of files and images
 */
public record StoreHealth(StoreReport files, int images, List<String> problems) {
    public StoreHealth {
        problems = List.copyOf(problems);
    }
}
