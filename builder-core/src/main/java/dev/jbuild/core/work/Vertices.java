package dev.jbuild.core.work;

import dev.jbuild.core.api.BuildListener;
import dev.jbuild.runtime.StepUsage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Numbers the units of work of one build and times them for its listener. */
public final class Vertices {
    private final BuildListener listener;
    private final LongSupplier nanoTime;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<String> notes = ConcurrentHashMap.newKeySet();

    public Vertices(BuildListener listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /** Begins a unit of work. */
    public Vertex start(String name) {
        int number = count.incrementAndGet();
        listener.started(number, name);
        return new Vertex(number, nanoTime.getAsLong());
    }

    /** Says something once, however often it is found. */
    public void note(String text) {
        if (notes.add(text)) {
            listener.note(text);
        }
    }

    /** A unit of work that has begun. */
    public final class Vertex {
        private final int number;
        private final long began;

        private Vertex(int number, long began) {
            this.number = number;
            this.began = began;
        }

        public void output(BuildListener.Stream stream, byte[] buffer, int offset, int length) {
            listener.output(number, stream, buffer, offset, length);
        }

        public void used(StepUsage usage) {
            listener.used(number, usage);
        }

        public void cached() {
            listener.cached(number);
        }

        public void done() {
            listener.done(number, Duration.ofNanos(nanoTime.getAsLong() - began));
        }

        public void failed(String message) {
            listener.failed(number, message);
        }
    }
}
