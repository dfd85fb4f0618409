package dev.jbuild.core.plan;

/** What a stage starts from. */
sealed interface StageBase {
    record Scratch() implements StageBase {}

    /** An earlier stage, by index. */
    record Earlier(int stage) implements StageBase {}

    record Image(ImageRequest request) implements StageBase {}
}
