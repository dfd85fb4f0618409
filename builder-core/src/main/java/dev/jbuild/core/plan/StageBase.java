package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.SourceRange;

/** What a stage starts from. */
sealed interface StageBase {
    record Scratch() implements StageBase {}

    /** An earlier stage, by index. */
    record Earlier(int stage) implements StageBase {}

    record Image(ImageRequest request) implements StageBase {}

    /**
     * Files that are no image: a named context.
     *
     * @param name of the context
     */
    record Fetched(String name, Origin origin, SourceRange range) implements StageBase {}
}
