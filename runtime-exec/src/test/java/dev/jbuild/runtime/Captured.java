package dev.jbuild.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A step's output as text. */
final class Captured implements StepOutput {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void stdout(byte[] bytes, int offset, int length) {
        out.write(bytes, offset, length);
        notifyAll();
    }

    @Override
    public synchronized void stderr(byte[] bytes, int offset, int length) {
        err.write(bytes, offset, length);
    }

    synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the step has printed this. */
    synchronized void awaitOut(String text) throws InterruptedException {
        while (!out().contains(text)) {
            wait(10_000);
        }
    }
}
