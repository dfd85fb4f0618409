package dev.jbuild.core.api;

import dev.jbuild.runtime.StepUsage;
import java.time.Duration;

/**
 * Hears what a build does, as it does it. A vertex is a unit of work that a person can name: a step, a pull, an export.
 * Calls come from many threads at once.
 */
public interface BuildListener {
    /** Which of a step's streams a piece of output came from. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** @param vertex counted from 1 in the order of starting */
    void started(int vertex, String name);

    /** Output of a RUN, in pieces as they arrive; the buffer is only valid during the call. */
    void output(int vertex, Stream stream, byte[] buffer, int offset, int length);

    /** The result was found, nothing was done; no other event of this vertex follows. */
    void cached(int vertex);

    /** What a RUN used, before it is done or has failed; who does not care need not listen. */
    default void used(int vertex, StepUsage usage) {}

    void done(int vertex, Duration took);

    void failed(int vertex, String message);

    /** Something the user should know: a fallback taken, a legacy option ignored. */
    void note(String text);
}
