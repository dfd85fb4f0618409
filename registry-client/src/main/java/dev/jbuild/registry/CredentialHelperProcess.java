package dev.jbuild.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Runs credential helpers as Docker does: the program is found on the {@code PATH} and inherits the environment. */
public final class CredentialHelperProcess implements CredentialHelper {
    private static final int MOST_OUTPUT = 64 * 1024;

    private final String prefix;
    private final Duration timeout;

    public CredentialHelperProcess() {
        this("docker-credential-", Duration.ofSeconds(30));
    }

    /** @param prefix what the programs' names, or paths, begin with */
    CredentialHelperProcess(String prefix, Duration timeout) {
        this.prefix = prefix;
        this.timeout = timeout;
    }

    @Override
    public Reply get(String name, String server) throws IOException {
        String program = prefix + requireName(name);
        Process process = start(program);
        // The output is read here, so the time runs elsewhere; killing the program ends the reading.
        Thread killer = Thread.ofVirtual().start(() -> killAfterTimeout(process));
        try {
            tell(process, server);
            byte[] output = read(process.getInputStream(), program);
            int exitCode = process.waitFor();
            if (!killer.isAlive()) {
                throw new IOException(program + " did not answer within " + timeout.toSeconds() + " s");
            }
            return new Reply(exitCode, new String(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for " + program);
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            killer.interrupt();
            process.destroyForcibly();
        }
    }

    /** The name is put into the name of a program. */
    private static String requireName(String name) throws IOException {
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
        if (name.isEmpty() || !plain) {
            throw new IOException("not the name of a credential helper: \"" + Redacted.text(name) + "\"");
        }
        return name;
    }

    private static Process start(String program) throws IOException {
        try {
            return new ProcessBuilder(program, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException("cannot run the credential helper " + program + ": " + e.getMessage(), e);
        }
    }

    private static void tell(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ends without reading says why by its exit code and its output, which are read next.
            return;
        }
    }

    private static byte[] read(InputStream in, String program) throws IOException {
        byte[] output = in.readNBytes(MOST_OUTPUT + 1);
        if (output.length > MOST_OUTPUT) {
            throw new IOException(program + " prints more than the limit of " + MOST_OUTPUT + " bytes");
        }
        return output;
    }

    private void killAfterTimeout(Process process) {
        try {
            Thread.sleep(timeout);
            process.destroyForcibly();
        } catch (InterruptedException e) {
            // The program answered; this thread ends and nobody asks it again.
            Thread.currentThread().interrupt();
        }
    }
}
