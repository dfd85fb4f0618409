package dev.jbuild.runtime.launch;

import java.io.IOException;

/** Takes what the command prints; the array is only valid during the call. */
public interface OutputSink {
    void stdout(byte[] bytes, int offset, int length) throws IOException;

    void stderr(byte[] bytes, int offset, int length) throws IOException;
}
