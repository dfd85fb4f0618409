package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostFilesTest {
    private static final Rootfs ROOTFS = new Rootfs(List.of(), Path.of("/u"), Path.of("/w"));

    private static BoxFiles files(Link link, String resolvConf) {
        StepSpec spec = StepSpec.of(ROOTFS, List.of("x")).withHostname("me");
        return BoxFiles.of(spec, link, ResolvConf.parse(resolvConf));
    }

    @Test
    void onTheHostsNetworkTheResolversAreTheHosts() {
        String text = "nameserver 127.0.0.53\nsearch example\n";
        assertThat(files(new Link.Host(), text).resolvConf()).isEqualTo(text);
    }

    @Test
    void behindPastaALoopbackResolverIsReplacedByTheForwarder() {
        String text = "# local\nnameserver 127.0.0.53\nnameserver ::1\nsearch example\n";
        assertThat(files(new Link.Pasta(Path.of("/pasta")), text).resolvConf())
                .isEqualTo("nameserver 169.254.1.1\n# local\nsearch example\n");
    }

    @Test
    void behindPastaARemoteResolverStays() {
        String text = "nameserver 192.0.2.53\noptions ndots:2\n";
        assertThat(files(new Link.Pasta(Path.of("/pasta")), text).resolvConf()).isEqualTo(text);
    }

    @Test
    void slirpsForwarderIsItsOwn() {
        assertThat(files(new Link.Slirp(Path.of("/slirp4netns")), "nameserver 127.0.0.1\n")
                        .resolvConf())
                .isEqualTo("nameserver 10.0.2.3\n");
    }

    @Test
    void withoutNetworkThereIsNoResolver() {
        assertThat(files(new Link.Isolated(), "nameserver 192.0.2.53\n").resolvConf())
                .isEmpty();
    }

    private static String resolvConf(Link link, Resolver resolver, String text) {
        StepSpec spec = StepSpec.of(ROOTFS, List.of("x")).withResolver(resolver);
        return BoxFiles.of(spec, link, ResolvConf.parse(text)).resolvConf();
    }

    @Test
    void aResolverOfItsOwnReplacesWhatItNamesAndNothingElse() {
        Resolver servers = new Resolver(List.of("192.0.2.1", "2001:db8::1"), List.of(), List.of("ndots:2", "rotate"));
        assertThat(resolvConf(new Link.Host(), servers, "nameserver 127.0.0.53\nsearch example\noptions edns0\n"))
                .isEqualTo("search example\nnameserver 192.0.2.1\nnameserver 2001:db8::1\noptions ndots:2 rotate\n");
    }

    @Test
    void aSearchDomainOfOneDotIsNone() {
        Resolver noSearch = new Resolver(List.of(), List.of("."), List.of());
        assertThat(resolvConf(new Link.Host(), noSearch, "nameserver 192.0.2.1\ndomain example\nsearch example\n"))
                .isEqualTo("nameserver 192.0.2.1\n");
    }

    @Test
    void aResolverCannotWriteALineOfItsOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Resolver(List.of("192.0.2.1\noptions x"), List.of(), List.of()))
                .withMessageContaining("address of a name server");
        assertThatIllegalArgumentException().isThrownBy(() -> new Resolver(List.of(), List.of("a b"), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Resolver(List.of(), List.of(), List.of("")));
    }

    @Test
    void aNameServerIsAnAddress() {
        for (String server : List.of("foo", "ns.example", "192.0.2.256", "[2001:db8::1]", "%eth0")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Resolver(List.of(server), List.of(), List.of()))
                    .withMessageContaining("address of a name server")
                    .withMessageContaining(server);
        }
        assertThat(new Resolver(List.of("192.0.2.1", "fe80::1%none0"), List.of(), List.of()).loopbackServers())
                .isEmpty();
    }

    @Test
    void theHostsFileNamesTheStepItself() {
        assertThat(files(new Link.Isolated(), "").hosts()).startsWith("127.0.0.1\tlocalhost me\n");
        assertThat(files(new Link.Isolated(), "").hostname()).isEqualTo("me\n");
    }
}
