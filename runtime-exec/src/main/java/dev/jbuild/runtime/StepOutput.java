package dev.jbuild.runtime;

import java.io.IOException;

/** Where a step's output goes, chunk by chunk; the array is only valid during the call. */
public interface StepOutput {
    void stdout(byte[] bytes, int offset, int length) throws IOException;

    void stderr(byte[] bytes, int offset, int length) throws IOException;
}
