package dev.jbuild.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Debian's {@code docker-registry}, run on a free loopback port with its storage in a folder of the test. Public, and in
 * this module's test jar, because the rooms above test against a real registry too.
 */
public final class DebianRegistry implements AutoCloseable {
    /** The user that {@link #startWithLogin} knows. */
    public static final String USER = "anna";

    /** That user's password. */
    public static final String PASSWORD = "correct horse";

    /** The registry reads bcrypt only; this is the password above at the lowest cost. */
    private static final String HTPASSWD = USER + ":$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n";

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private final Process process;
    private final int port;
    private final Path storage;

    private DebianRegistry(Process process, int port, Path storage) {
        this.process = process;
        this.port = port;
        this.storage = storage;
    }

    /** Starts a registry that everybody may read and write; skips the test when the program is not installed. */
    public static DebianRegistry start(Path folder) throws IOException {
        return start(folder, "");
    }

    /** Starts a registry that wants the login of {@link #USER}. */
    public static DebianRegistry startWithLogin(Path folder) throws IOException {
        Path passwords = Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
        return start(folder, "auth: {htpasswd: {realm: test, path: '" + passwords + "'}}\n");
    }

    /** Starts a registry that wants tokens of a token server. */
    public static DebianRegistry startWithTokens(Path folder, String realm, Path certificates) throws IOException {
        return start(
                folder,
                "auth: {token: {realm: '" + realm + "', service: test, issuer: test, rootcertbundle: '" + certificates
                        + "'}}\n");
    }

    private static DebianRegistry start(Path folder, String auth) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "docker-registry is not installed (Debian's package of that name)");
        int port = freePort();
        Path storage = folder.resolve("storage");
        Path config = Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: '%s'}, delete: {enabled: true}}
                http: {addr: '127.0.0.1:%d'}
                %s""".formatted(storage, port, auth));
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        DebianRegistry registry = new DebianRegistry(process, port, storage);
        registry.awaitStart(folder.resolve("registry.log"));
        return registry;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart(Path log) throws IOException {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (answers()) {
                return;
            }
            pause();
        }
        close();
        throw new IOException("docker-registry did not start: " + Files.readString(log));
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            // Not yet: the caller asks again until its deadline.
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker-registry started", e);
        }
    }

    /** {@code 127.0.0.1:PORT}, the registry part of image names. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** The folder that the registry keeps everything in. */
    public Path storage() {
        return storage;
    }

    /** The login that {@link #startWithLogin} wants. */
    public static Credentials credentials() {
        return registry -> Optional.of(new Login.Password(USER, PASSWORD));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
