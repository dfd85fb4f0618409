package dev.jbuild.core;

import dev.jbuild.core.api.BuildListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a build tells. */
final class HeardBuild implements BuildListener {
    private final Map<Integer, String> names = new ConcurrentHashMap<>();
    final List<String> done = new CopyOnWriteArrayList<>();
    final List<String> cached = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void started(int vertex, String name) {
        names.put(vertex, name);
    }

    @Override
    public void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {}

    @Override
    public void cached(int vertex) {
        cached.add(name(vertex));
    }

    @Override
    public void done(int vertex, Duration took) {
        done.add(name(vertex));
    }

    @Override
    public void failed(int vertex, String message) {
        failed.add(name(vertex) + ": " + message);
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    private String name(int vertex) {
        return names.getOrDefault(vertex, "vertex " + vertex + " that never started");
    }
}
