package dev.jbuild.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        return new StepSpec(
                newRootfs,
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

    public StepSpec withMounts(List<StepMount> newMounts) {
        return new StepSpec(
                rootfs,
                newMounts,
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

    public StepSpec withArgv(List<String> newArgv) {
        return new StepSpec(
                rootfs,
                mounts,
                newArgv,
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

    public StepSpec withEnv(Map<String, String> newEnv) {
        return new StepSpec(
                rootfs,
                mounts,
                argv,
                newEnv,
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

    public StepSpec withCwd(String newCwd) {
        return new StepSpec(
                rootfs,
                mounts,
                argv,
                env,
                newCwd,
                user,
                network,
                hostname,
                extraHosts,
                limits,
                security,
                input,
                resolver);
    }

    public StepSpec withUser(ProcessUser newUser) {
        return new StepSpec(
                rootfs,
                mounts,
                argv,
                env,
                cwd,
                newUser,
                network,
                hostname,
                extraHosts,
                limits,
                security,
                input,
                resolver);
    }

    public StepSpec withNetwork(Network newNetwork) {
        return new StepSpec(
                rootfs,
                mounts,
                argv,
                env,
                cwd,
                user,
                newNetwork,
                hostname,
                extraHosts,
                limits,
                security,
                input,
                resolver);
    }

    public StepSpec withHostname(String newHostname) {
        return new StepSpec(
                rootfs,
                mounts,
                argv,
                env,
                cwd,
                user,
                network,
                newHostname,
                extraHosts,
                limits,
                security,
                input,
                resolver);
    }

    public StepSpec withExtraHosts(List<HostsEntry> newHosts) {
        return new StepSpec(
                rootfs, mounts, argv, env, cwd, user, network, hostname, newHosts, limits, security, input, resolver);
    }

    public StepSpec withLimits(StepLimits newLimits) {
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
                newLimits,
                security,
                input,
                resolver);
    }

    public StepSpec withSecurity(StepSecurity newSecurity) {
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
                newSecurity,
                input,
                resolver);
    }

    public StepSpec withInput(StepInput newInput) {
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
                newInput,
                resolver);
    }

    public StepSpec withResolver(Resolver newResolver) {
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
                newResolver);
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
}
