package dev.jbuild.runtime;

/** The three files in which a step finds its network: made for it, mounted over the image's, never in a layer. */
record BoxFiles(String resolvConf, String hosts, String hostname) {
    /** What these files say for a step whose network is made so. */
    static BoxFiles of(StepSpec spec, Link link, ResolvConf hosts) {
        ResolvConf ofHost = hosts.with(spec.resolver());
        String resolvConf = switch (link) {
            case Link.Host _ -> ofHost.onHost();
            case Link.Pasta _ -> ofHost.behind(ResolvConf.OF_PASTA);
            case Link.Slirp _ -> ofHost.behind(ResolvConf.OF_SLIRP);
            case Link.Isolated _ -> "";
        };
        return new BoxFiles(resolvConf, hosts(spec, link), spec.hostname() + "\n");
    }

    private static String hosts(StepSpec spec, Link link) {
        StringBuilder text = new StringBuilder();
        text.append("127.0.0.1\tlocalhost ").append(spec.hostname()).append('\n');
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (HostsEntry entry : spec.extraHosts()) {
            if (!entry.address().equals(HostsEntry.GATEWAY)) {
                text.append(entry.address()).append('\t').append(entry.host()).append('\n');
            } else if (link instanceof Link.Host) {
                // From a network of its own a step does not reach this machine, by design.
                text.append("127.0.0.1\t").append(entry.host()).append('\n');
            }
        }
        return text.toString();
    }
}
