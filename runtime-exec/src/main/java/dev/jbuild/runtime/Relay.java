package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.OutputSink;
import java.io.IOException;

/** Hands the launcher's output on to the builder's. */
record Relay(StepOutput output) implements OutputSink {
    @Override
    public void stdout(byte[] bytes, int offset, int length) throws IOException {
        output.stdout(bytes, offset, length);
    }

    @Override
    public void stderr(byte[] bytes, int offset, int length) throws IOException {
        output.stderr(bytes, offset, length);
    }
}
