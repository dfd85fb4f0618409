package dev.jbuild.core.build;

import dev.jbuild.runtime.StepMount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the mounts of a RUN came to, and all that must be let go when the step is over. */
final class MountedStep implements AutoCloseable {
    private final List<StepMount> mounts = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<byte[]> secrets = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();

    /** Something that is the step's as long as it runs. */
    @FunctionalInterface
    interface Held {
        void release() throws IOException;
    }

    void add(StepMount mount) {
        mounts.add(mount);
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    /** Has a value hidden in what the step prints. */
    void hide(byte[] secret) {
        secrets.add(secret);
    }

    void hold(Held thing) {
        held.add(thing);
    }

    List<StepMount> mounts() {
        return mounts;
    }

    /** Variables that are no part of the image's environment. */
    Map<String, String> environment() {
        return environment;
    }

    List<byte[]> secrets() {
        return secrets;
    }

    @Override
    public void close() throws IOException {
        for (Held thing : held.reversed()) {
            thing.release();
        }
        held.clear();
    }
}
