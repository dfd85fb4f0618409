package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
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
        Optional<Path> pasta = SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                .find("pasta");
        assumeTrue(pasta.isPresent(), "needs pasta: apt install passt");
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String script = "busybox readlink /proc/self/ns/net; busybox ip route; busybox nc -w 1 127.0.0.1 "
                    + canary.getLocalPort() + " </dev/null && echo reached";
            StepSpec spec = box.shell(script + "; true").withNetwork(Network.DEFAULT);
            assertThat(outputOf(spec)).doesNotContain(host, "reached").contains("default via");
        }
        assertThat(Sleeper.pidsWith(pasta.get() + "\0")).isEmpty();
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
