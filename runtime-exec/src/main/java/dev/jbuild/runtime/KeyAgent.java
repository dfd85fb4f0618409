package dev.jbuild.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An {@code ssh-agent} of the build's own that has the keys of some files. It ends with the builder, however that ends: its
 * command is a {@code cat} that reads from the builder.
 */
public final class KeyAgent implements Closeable {
    private static final int MAX_KEY = 1 << 20;
    private static final String TELL_AND_WAIT = "echo \"$SSH_AGENT_PID\"; exec cat";

    private final Path socket;
    private final Process command;
    private final long pid;

    private KeyAgent(Path socket, Process command, long pid) {
        this.socket = socket;
        this.command = command;
        this.pid = pid;
    }

    /**
     * Starts an agent and loads the keys.
     *
     * @param directory one that only this user can enter, for the agent's socket
     * @throws RuntimeUnavailableException when OpenSSH's programs are not installed
     * @throws IOException when a key cannot be loaded: it says why in ssh-add's words
     */
    public static KeyAgent start(SearchPath programs, Path directory, List<Path> keys)
            throws IOException, InterruptedException {
        Path agent = find(programs, "ssh-agent");
        Path add = find(programs, "ssh-add");
        Path socket = directory.resolve("keys");
        Process command = new ProcessBuilder(agent.toString(), "-a", socket.toString(), "/bin/sh", "-c", TELL_AND_WAIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        KeyAgent started = new KeyAgent(socket, command, readPid(command));
        try {
            for (Path key : keys) {
                load(add, socket, key);
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private static long readPid(Process command) throws IOException {
        String line = command.inputReader(StandardCharsets.US_ASCII).readLine();
        if (line == null || line.isEmpty() || !line.chars().allMatch(Character::isDigit)) {
            command.destroyForcibly();
            throw new IOException("ssh-agent did not start; try it by hand: ssh-agent sh");
        }
        return Long.parseLong(line);
    }

    private static Path find(SearchPath programs, String name) throws RuntimeUnavailableException {
        return programs.find(name)
                .orElseThrow(() -> new RuntimeUnavailableException(
                        "a key for --ssh needs " + name + ", which is not installed", "apt install openssh-client"));
    }

    /** Through standard input: ssh-add asks more of a file's permissions than a build needs. */
    private static void load(Path add, Path socket, Path key) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(add.toString(), "-q", "-").redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("SSH_AUTH_SOCK", socket.toString());
        environment.put("SSH_ASKPASS_REQUIRE", "never");
        environment.remove("DISPLAY");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(read(key));
        }
        String words = new String(process.getInputStream().readNBytes(MAX_KEY), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "the key " + key + " cannot be loaded (one with a passphrase belongs into an agent of yours): "
                            + words.lines().findFirst().orElse("ssh-add says nothing"));
        }
    }

    private static byte[] read(Path key) throws IOException {
        try (InputStream in = Files.newInputStream(key)) {
            byte[] content = in.readNBytes(MAX_KEY + 1);
            if (content.length > MAX_KEY) {
                throw new IOException("the key " + key + " is longer than " + MAX_KEY + " bytes");
            }
            return content;
        }
    }

    public Path socket() {
        return socket;
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        command.destroy();
    }
}
