package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime connects a step with, and what it keeps out of its reach. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class NetworkContract extends BoxedSteps {
    @Test
    void theHostsNetworkIsUsedOnlyWhenAsked() throws Exception {
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThat(outputOf(box.shell("busybox readlink /proc/self/ns/net").withNetwork(Network.HOST)))
                .isEqualTo(host);
        assertThat(outputOf("busybox ls /sys/class/net")).isEqualTo("lo");
        assertThat(outputOf("busybox ip -o link show lo")).contains("UP");
    }

    @Test
    @Tag("peer")
    void theDefaultNetworkIsAnOwnOneThatPastaConnects() throws Exception {
        Path pasta = pasta();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThat(connected("busybox readlink /proc/self/ns/net; busybox ip route"))
                .doesNotContain(host)
                .contains("default via");
        assertThat(Sleeper.pidsWith(pasta + "\0")).isEmpty();
    }

    @Test
    @Tag("peer")
    void noServerOfTheHostIsReachedThroughPasta() throws Exception {
        pasta();
        try (ServerSocket server = new ServerSocket(0)) {
            Thread.ofPlatform().daemon().start(() -> greet(server));
            String script = askEveryAddress(server.getLocalPort());
            assertThat(outputOf(box.shell(script).withNetwork(Network.HOST)))
                    .as("on the host's network it is there")
                    .contains("reached");
            assertThat(connected(script)).contains("127.0.0.1", "::1").doesNotContain("reached");
        }
    }

    /** The loopback's, its own, which may be the host's, and those that the step believes to be its gateway's. */
    private static String askEveryAddress(int port) {
        return """
                own=$(busybox ip -o addr show scope global | busybox grep -o 'inet6* [^/]*' | busybox cut -d ' ' -f 2)
                gateways=$(busybox ip route | busybox grep -o 'via [^ ]*' | busybox cut -d ' ' -f 2)
                for address in 127.0.0.1 ::1 $own $gateways; do
                    echo $address; busybox timeout 2 busybox nc $address %d </dev/null 2>/dev/null
                done; true""".formatted(port);
    }

    private static void greet(ServerSocket server) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write("reached\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The test is over and has closed the socket.
            return;
        }
    }

    @Test
    @Tag("peer")
    void noAbstractSocketOfTheHostIsReachedBesidePasta() throws Exception {
        pasta();
        whileTheHostListens(
                name -> assertThat(connected("/probe connect " + name)).isEqualTo("errno 111"));
    }

    @Test
    @Tag("peer")
    void aNameServerOfTheUsersIsTheOnlyOneThatAStepBehindPastaKnows() throws Exception {
        pasta();
        Resolver resolver = new Resolver(List.of("192.0.2.53"), List.of("example"), List.of());
        StepSpec spec = box.shell("busybox grep -v '^options' /etc/resolv.conf")
                .withNetwork(Network.DEFAULT)
                .withResolver(resolver);
        assertThat(outputOf(spec).lines()).containsExactly("nameserver 192.0.2.53", "search example");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    @Tag("peer")
    void aNameServerOnTheLoopbackIsRefusedWherePastaWouldNotReachIt() throws Exception {
        Path pasta = pasta();
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf")
                .withResolver(new Resolver(List.of("127.0.0.53"), List.of(), List.of()));
        assertThatThrownBy(() -> run(spec.withNetwork(Network.DEFAULT)))
                .isInstanceOf(RuntimeUnavailableException.class)
                .hasMessageContaining("127.0.0.53");
        assertThat(Sleeper.pidsWith(pasta + "\0")).isEmpty();
        assertThat(TestBox.changes(spec)).isEmpty();
        assertThat(outputOf(spec.withNetwork(Network.HOST))).contains("nameserver 127.0.0.53");
    }

    /** What a script prints whose network pasta connects. */
    private String connected(String script) throws IOException, InterruptedException {
        return outputOf(box.shell(script).withNetwork(Network.DEFAULT));
    }

    /** Where it is; skips the test where it is not. */
    static Path pasta() {
        Optional<Path> pasta = SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                .find("pasta");
        assumeTrue(pasta.isPresent(), "needs pasta: apt install passt");
        return pasta.get();
    }

    @Test
    @Tag("peer")
    void whereThereIsNoPastaSlirpConnectsTheOwnNetwork() throws Exception {
        Optional<Path> slirp = SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                .find("slirp4netns");
        assumeTrue(slirp.isPresent(), "needs slirp4netns: apt install slirp4netns");
        Path only = Files.createDirectory(directory.resolve("only"));
        Files.createSymbolicLink(only.resolve("slirp4netns"), slirp.get());
        SearchPath programs = new SearchPath(List.of(only, Path.of("/usr/sbin"), Path.of("/usr/bin")));
        assumeTrue(programs.find("pasta").isEmpty(), "needs a machine without /usr/bin/pasta");
        Path state = directory.resolve("runtime");
        StepRuntime withSlirp = kind().equals("embedded")
                ? new EmbeddedRuntime(TestBox.launcher(state), programs, Entered.parse("root:"))
                : new OciRuntime(TestBox.launcher(state), programs, kind(), state);
        try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String script = "busybox ip route; for a in 127.0.0.1 10.0.2.2; do busybox nc -w 1 $a "
                    + canary.getLocalPort() + " </dev/null && echo reached; done; true";
            Captured captured = new Captured();
            StepOutcome outcome = withSlirp.run(box.shell(script).withNetwork(Network.DEFAULT), captured);
            assertThat(outcome.notes()).isEmpty();
            assertThat(captured.out()).contains("default via 10.0.2.2").doesNotContain("reached");
        }
        assertThat(Sleeper.pidsWith("slirp4netns\0")).isEmpty();
    }
}
