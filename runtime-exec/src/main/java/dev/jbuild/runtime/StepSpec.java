package dev.jbuild.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One command to run, and all that it may see.
 *
 * @param mounts what the step sees beside the image, in any order
 * @param argv the command; its first word is looked up in the PATH of env, inside the rootfs, when it has no slash
 * @param env the whole environment: nothing of the builder's own is added
 * @param cwd an absolute path in the rootfs; made (mode 0755, owner root) when absent, as OCI runtimes do
 * @param hostname what the step sees as its host's name
 * @param extraHosts lines for /etc/hosts after those for localhost and hostname
 */
public record StepSpec(
        Rootfs rootfs,
        List<StepMount> mounts,
        List<String> argv,
        Map<String, String> env,
        String cwd,
        ProcessUser user,
        Network network,
        String hostname,
        List<HostsEntry> extraHosts,
        StepLimits limits,
        StepSecurity security,
        StepInput input,
        Resolver resolver) {
    /** What a step's host is called when nobody says: the same everywhere, so that it cannot tell builders apart. */
    public static final String DEFAULT_HOSTNAME = "buildkitsandbox";

    private static final int MAX_HOSTNAME = 64;

    public StepSpec {
        mounts = List.copyOf(mounts);
        argv = List.copyOf(argv);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        extraHosts = List.copyOf(extraHosts);
        checkArgv(argv);
        env.forEach(StepSpec::checkVariable);
        checkText("working directory", cwd);
        if (!cwd.startsWith("/")) {
            throw new IllegalArgumentException("working directory is not absolute: " + cwd);
        }
        checkHostname(hostname);
    }

    /** This command as root in {@code /}, with an empty environment and the default network and limits. */
    public static StepSpec of(Rootfs rootfs, List<String> argv) {
        return new StepSpec(
                rootfs,
                List.of(),
                argv,
                Map.of(),
                "/",
                ProcessUser.ROOT,
                Network.DEFAULT,
                DEFAULT_HOSTNAME,
                List.of(),
                StepLimits.STANDARD,
                StepSecurity.STANDARD,
                new StepInput.Nothing(),
                Resolver.OF_HOST);
    }

    public StepSpec withRootfs(Rootfs newRootfs) {
        return with(draft -> draft.rootfs = newRootfs);
    }

    public StepSpec withMounts(List<StepMount> newMounts) {
        return with(draft -> draft.mounts = newMounts);
    }

    public StepSpec withArgv(List<String> newArgv) {
        return with(draft -> draft.argv = newArgv);
    }

    public StepSpec withEnv(Map<String, String> newEnv) {
        return with(draft -> draft.env = newEnv);
    }

    public StepSpec withCwd(String newCwd) {
        return with(draft -> draft.cwd = newCwd);
    }

    public StepSpec withUser(ProcessUser newUser) {
        return with(draft -> draft.user = newUser);
    }

    public StepSpec withNetwork(Network newNetwork) {
        return with(draft -> draft.network = newNetwork);
    }

    public StepSpec withHostname(String newHostname) {
        return with(draft -> draft.hostname = newHostname);
    }

    public StepSpec withExtraHosts(List<HostsEntry> newHosts) {
        return with(draft -> draft.extraHosts = newHosts);
    }

    public StepSpec withLimits(StepLimits newLimits) {
        return with(draft -> draft.limits = newLimits);
    }

    public StepSpec withSecurity(StepSecurity newSecurity) {
        return with(draft -> draft.security = newSecurity);
    }

    public StepSpec withInput(StepInput newInput) {
        return with(draft -> draft.input = newInput);
    }

    public StepSpec withResolver(Resolver newResolver) {
        return with(draft -> draft.resolver = newResolver);
    }

    private StepSpec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.spec();
    }

    private static void checkArgv(List<String> argv) {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("no command to run");
        }
        argv.forEach(word -> checkText("argument", word));
    }

    private static void checkVariable(String name, String value) {
        checkText("environment variable", name);
        checkText("environment variable " + name, value);
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("not a name of an environment variable: '" + name + "'");
        }
    }

    // execve(2) takes NUL-terminated strings: a NUL would silently cut the text.
    private static void checkText(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " contains a NUL character");
        }
    }

    private static void checkHostname(String hostname) {
        boolean plain = hostname.chars()
                .allMatch(c -> c == '-' || c == '.' || c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
        if (hostname.isEmpty() || hostname.length() > MAX_HOSTNAME || !plain) {
            throw new IllegalArgumentException("not a host name of 1 to 64 letters, digits, - . _: " + hostname);
        }
    }

    /** A spec of which one thing is about to change. */
    private static final class Draft {
        private Rootfs rootfs;
        private List<StepMount> mounts;
        private List<String> argv;
        private Map<String, String> env;
        private String cwd;
        private ProcessUser user;
        private Network network;
        private String hostname;
        private List<HostsEntry> extraHosts;
        private StepLimits limits;
        private StepSecurity security;
        private StepInput input;
        private Resolver resolver;

        Draft(StepSpec spec) {
            this.rootfs = spec.rootfs;
            this.mounts = spec.mounts;
            this.argv = spec.argv;
            this.env = spec.env;
            this.cwd = spec.cwd;
            this.user = spec.user;
            this.network = spec.network;
            this.hostname = spec.hostname;
            this.extraHosts = spec.extraHosts;
            this.limits = spec.limits;
            this.security = spec.security;
            this.input = spec.input;
            this.resolver = spec.resolver;
        }

        StepSpec spec() {
            return new StepSpec(
                    rootfs,
                    mounts,
                    argv,
                    env,
                    cwd,
                    user,
                    network,
                    hostname,
                    extraHosts,
                    limits,
                    security,
                    input,
                    resolver);
        }
    }
}
