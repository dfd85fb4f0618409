package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A step's socket before a real ssh-agent. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AgentSocketTest {
    private static final SearchPath PROGRAMS = SearchPath.of("/usr/bin:/bin");
    private static final int IDENTITIES = 12;
    private static final int FAILURE = 5;

    @TempDir
    Path folder;

    private Path key;

    @BeforeEach
    void makeKey() throws Exception {
        for (String program : List.of("ssh-agent", "ssh-add", "ssh-keygen")) {
            assumeThat(PROGRAMS.find(program))
                    .as("needs " + program + ": apt install openssh-client")
                    .isPresent();
        }
        key = newKey("key", "");
    }

    private Path newKey(String name, String passphrase) throws Exception {
        Path file = folder.resolve(name);
        Process keygen = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", file.toString())
                .start();
        assertThat(keygen.waitFor()).isZero();
        Files.setAttribute(file, "unix:mode", 0644);
        return file;
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static ByteBuffer ask(SocketChannel channel, int type) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(5).putInt(1).put((byte) type).flip();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES);
        while (head.hasRemaining() && channel.read(head) >= 0) {}
        ByteBuffer answer = ByteBuffer.allocate(head.getInt(0));
        while (answer.hasRemaining() && channel.read(answer) >= 0) {}
        return answer.flip();
    }

    @Test
    void aStepMayListKeysButNeitherAddNorRemoveThem() throws Exception {
        try (KeyAgent agent = KeyAgent.start(PROGRAMS, directory("own"), List.of(key));
                AgentSocket socket = AgentSocket.open(directory("steps"), agent.socket(), 0600, 0, 0);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
            ByteBuffer listed = ask(channel, 11);
            assertThat(listed.get()).isEqualTo((byte) IDENTITIES);
            assertThat(listed.getInt()).as("keys").isEqualTo(1);
            for (int type : new int[] {17, 18, 19, 22, 25, 27}) {
                assertThat(ask(channel, type).get()).as("request " + type).isEqualTo((byte) FAILURE);
            }
            assertThat(ask(channel, 11).get()).isEqualTo((byte) IDENTITIES);
        }
    }

    @Test
    void sshAddOfAStepSeesTheKeyAndCannotDeleteIt() throws Exception {
        try (KeyAgent agent = KeyAgent.start(PROGRAMS, directory("own"), List.of(key, newKey("second", "")));
                AgentSocket socket = AgentSocket.open(directory("steps"), agent.socket(), 0600, 0, 0)) {
            assertThat(sshAdd(socket, "-l")).contains("key", "second");
            assertThat(sshAdd(socket, "-D")).containsIgnoringCase("fail");
            assertThat(sshAdd(socket, "-l")).contains("key", "second");
        }
    }

    private static String sshAdd(AgentSocket socket, String flag) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("ssh-add", flag).redirectErrorStream(true);
        builder.environment().put("SSH_AUTH_SOCK", socket.path().toString());
        return builder.start().inputReader().readAllAsString();
    }

    @Test
    void aMessageOneByteTooLongEndsTheConnection() throws Exception {
        try (KeyAgent agent = KeyAgent.start(PROGRAMS, directory("own"), List.of());
                AgentSocket socket = AgentSocket.open(directory("steps"), agent.socket(), 0600, 0, 0);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
            channel.write(
                    ByteBuffer.allocate(4).putInt(AgentRelay.MAX_LENGTH + 1).flip());
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void theSocketHasItsModeAndIsGoneWhenItIsClosed() throws Exception {
        try (KeyAgent agent = KeyAgent.start(PROGRAMS, directory("own"), List.of())) {
            AgentSocket socket = AgentSocket.open(directory("steps"), agent.socket(), 0640, ownId(), ownGroup());
            assertThat((int) Files.getAttribute(socket.path(), "unix:mode") & 07777)
                    .isEqualTo(0640);
            socket.close();
            assertThat(socket.path()).doesNotExist();
        }
    }

    private long ownId() throws IOException {
        return (Integer) Files.getAttribute(folder, "unix:uid");
    }

    private long ownGroup() throws IOException {
        return (Integer) Files.getAttribute(folder, "unix:gid");
    }

    @Test
    void aStoreThatLiesDeepHasSocketsToo() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("x".repeat(90)).resolve("y".repeat(90)));
        try (KeyAgent agent = KeyAgent.start(PROGRAMS, directory("own"), List.of());
                AgentSocket socket = AgentSocket.open(deep, agent.socket(), 0600, ownId(), ownGroup())) {
            assertThat(socket.path()).exists();
        }
    }

    @Test
    void aKeyWithAPassphraseIsAnErrorThatSaysWhatToDo() throws Exception {
        Path locked = newKey("locked", "passphrase");
        Path own = directory("own");
        assertThatThrownBy(() -> KeyAgent.start(PROGRAMS, own, List.of(locked)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("locked cannot be loaded")
                .hasMessageContaining("passphrase");
    }

    @Test
    void withoutOpenSshTheFixIsNamed() throws Exception {
        Path own = directory("own");
        assertThatThrownBy(() -> KeyAgent.start(SearchPath.of(""), own, List.of(key)))
                .isInstanceOf(RuntimeUnavailableException.class)
                .hasMessageContaining("openssh-client");
    }
}
