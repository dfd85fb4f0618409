package dev.jbuild.core.plan;

import java.util.Optional;

/**
 * A source of a copy.
 *
 * @param path absolute in its root, clean; may hold wildcards
 * @param below with {@code --parents} a pattern of what is taken from below the path, which keeps its directories
 */
public record SourcePath(String path, Optional<String> below) {
    /** A source whose own directories do not matter. */
    static SourcePath of(String written) {
        return new SourcePath(ImagePaths.source(written), Optional.empty());
    }

    /** A source of {@code --parents}: what stands before its first {@code /./} is not kept. */
    static SourcePath withParents(String written) {
        int pivot = written.indexOf("/./");
        String path = pivot < 0 ? "/" : ImagePaths.source(written.substring(0, pivot));
        String below = ImagePaths.source(pivot < 0 ? written : written.substring(pivot + 3));
        return new SourcePath(path, Optional.of(below.equals("/") ? "**" : below.substring(1)));
    }
}
