package dev.jbuild.runtime.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The launcher at work on one launch. Its standard input is the leash: each byte is a signal for the command, and its
 * end, which also comes when this JVM is killed, kills the step.
 */
public final class LaunchedProcess {
    private static final int SIGTERM = 15;
    private static final long GRACE_SECONDS = 3;

    private final OutputStream leash;
    private final InputStream frames;
    private final CompletableFuture<Report> reading = new CompletableFuture<>();

    private LaunchedProcess(Starter.Started started) {
        this.leash = started.leash();
        this.frames = started.frames();
    }

    /**
     * Runs the launch to its end.
     *
     * @throws LaunchException when the box could not be built
     * @throws InterruptedException after the command was sent SIGTERM, and three seconds later was killed
     */
    public static Report run(Starter starter, Launch launch, OutputSink sink) throws IOException, InterruptedException {
        byte[] words = LaunchWriter.write(launch);
        LaunchedProcess launched = new LaunchedProcess(starter.start());
        // A platform thread: reading a process's pipe blocks the thread under a virtual one.
        Thread.ofPlatform().name("step-output").daemon().start(() -> launched.complete(sink));
        return launched.drive(words);
    }

    private Report drive(byte[] words) throws IOException, InterruptedException {
        try {
            send(words);
            return await();
        } catch (InterruptedException e) {
            stop();
            throw e;
        } finally {
            release();
        }
    }

    // A launcher that stops reading has ended with a report of why, and that report is the better error.
    private void send(byte[] words) throws IOException, InterruptedException {
        try {
            leash.write(words);
            leash.flush();
        } catch (IOException e) {
            release();
            await();
            throw e;
        }
    }

    private Report await() throws IOException, InterruptedException {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("reading the step's output failed", e.getCause());
        }
    }

    // Whatever the sink throws is for the caller, on the caller's thread.
    private void complete(OutputSink sink) {
        try (frames) {
            reading.complete(read(sink));
        } catch (Throwable e) {
            reading.completeExceptionally(e);
        }
    }

    // The step must not go on printing to nobody: what fails in the sink ends it, and the pipe is read to its end.
    private Report read(OutputSink sink) throws IOException {
        boolean complete = false;
        try {
            Report report = new FrameReader(frames, sink).read();
            complete = true;
            return report;
        } finally {
            if (!complete) {
                release();
                frames.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    // Politely first, then by the leash. The launcher's output ends when nothing of the step is left.
    private void stop() {
        try {
            leash.write(SIGTERM);
            leash.flush();
            reading.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
            // Already gone, asked twice, or deaf to the signal: the leash decides.
        }
        release();
        reading.handle((report, failure) -> true).join();
    }

    private void release() {
        try {
            leash.close();
        } catch (IOException e) {
            // The launcher is gone, so what was left to send has no reader; the descriptor is closed all the same.
        }
    }
}
