package dev.jbuild.runtime.launch;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.linux.FdOutputStream;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.Pipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lets the process that {@code launcher enter} left beside the JVM fork the launcher: it is small, so that a fork of it costs
 * a fraction of a process of the JVM's.
 *
 * @param socket whose other end that process serves
 * @param other starts the launcher when that process is gone
 */
public record ForkingStarter(Fd socket, Starter other) implements Starter {
    /** How the launcher tells the descriptor's number. */
    public static final String VARIABLE = "JBUILD_STARTER";

    private static final Linux LINUX = Linux.system();
    private static final byte[] NAME = "the launcher's starter".getBytes(StandardCharsets.US_ASCII);

    /** The starter behind a value of {@link #VARIABLE}; one that the launcher did not write means that there is none. */
    public static Starter parse(String value, Starter other) {
        return value.matches("[0-9]{1,9}")
                ? new ForkingStarter(Fd.ofPath(LINUX, Integer.parseInt(value), NAME), other)
                : other;
    }

    @Override
    public Started start() throws IOException, InterruptedException {
        try (Pipe leash = LINUX.pipe();
                Pipe frames = LINUX.pipe()) {
            LINUX.sendDescriptors(socket, leash.reading(), frames.writing());
            return new Started(
                    new FdOutputStream(LINUX, leash.writing().take()),
                    new FdInputStream(LINUX, frames.reading().take()));
        } catch (LinuxException noStarter) {
            // Where it is not the starter that is missing but descriptors, the other says so.
            return other.start();
        }
    }
}
