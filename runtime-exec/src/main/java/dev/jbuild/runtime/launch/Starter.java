package dev.jbuild.runtime.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How the launcher's process for one launch comes into being. */
public sealed interface Starter permits ProcessStarter, ForkingStarter {
    /**
     * A launcher that waits for its launch.
     *
     * @param leash its standard input; its end ends the launcher
     * @param frames its standard output, which ends when nothing of the launch is left
     */
    record Started(OutputStream leash, InputStream frames) {}

    /** Starts one. */
    Started start() throws IOException, InterruptedException;
}
