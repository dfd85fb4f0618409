package dev.jbuild.linux;

/** The two ends of a pipe (pipe(7)). */
public record Pipe(Fd reading, Fd writing) implements AutoCloseable {
    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
