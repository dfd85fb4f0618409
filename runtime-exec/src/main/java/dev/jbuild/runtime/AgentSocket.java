package dev.jbuild.runtime;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A socket of a step's own, behind which is an SSH agent of the user's. The step may have its keys listed and have it sign; it
 * can neither add nor remove keys, nor lock the agent.
 */
public final class AgentSocket implements Closeable {
    private static final String NAME = "agent";

    private final Path path;
    private final Path agent;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private AgentSocket(Path path, Path agent, ServerSocketChannel server) {
        this.path = path;
        this.agent = agent;
        this.server = server;
    }

    /**
     * Listens on a new socket.
     *
     * @param directory an empty directory that only this user can enter
     * @param agent the socket of the user's agent
     * @param mode permission bits of the new socket
     */
    public static AgentSocket open(Path directory, Path agent, int mode, long uid, long gid) throws IOException {
        Path path = directory.resolve(NAME);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (Fd folder = Linux.system().open(directory, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            // The name of a socket has at most 108 bytes (unix(7)), and a store may lie deep.
            server.bind(UnixDomainSocketAddress.of("/proc/self/fd/" + folder.number() + "/" + NAME));
            Files.setAttribute(path, "unix:uid", Math.toIntExact(uid), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", Math.toIntExact(gid), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:mode", mode);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        AgentSocket socket = new AgentSocket(path, agent, server);
        Thread.ofPlatform().daemon().name("ssh-agent").start(socket::serve);
        return socket;
    }

    /** The socket, to be mounted where the step looks for it. */
    public Path path() {
        return path;
    }

    /** Until the socket is closed. */
    private void serve() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                connections.add(client);
                Thread.ofVirtual().start(() -> relay(client));
            }
        } catch (IOException e) {
            // Closed: the step is over. Of any other failure the step hears by a connection that is refused.
            return;
        }
    }

    private void relay(SocketChannel client) {
        try (client;
                SocketChannel user = SocketChannel.open(UnixDomainSocketAddress.of(agent))) {
            connections.add(user);
            new AgentRelay(client, user).run();
        } catch (IOException e) {
            // The step sees its connection end, and ssh says so: an agent that is gone is its only other word.
            return;
        } finally {
            connections.removeIf(connection -> !connection.isOpen());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        Files.deleteIfExists(path);
    }
}
