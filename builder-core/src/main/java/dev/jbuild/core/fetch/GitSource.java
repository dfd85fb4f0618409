package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The git command, confined (see ADR 0402): no configuration but what stands here, no hooks, no filters, no prompts, no
 * credential helpers, no transports but http, https, ssh and git. The only class beside the runtime and the credential
 * helper that starts a process.
 */
final class GitSource {
    private static final int MOST_OUTPUT = 1 << 20;
    private static final int MOST_MESSAGE = 300;

    /** Of our own environment git and ssh see the way out of a network and the user's agent, nothing else. */
    private static final Set<String> PASSED =
            Set.of("SSH_AUTH_SOCK", "http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy");

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("core.hooksPath", "/dev/null"),
            Map.entry("core.fsmonitor", "false"),
            Map.entry("core.logAllRefUpdates", "false"),
            Map.entry("core.autocrlf", "false"),
            Map.entry("core.symlinks", "true"),
            Map.entry("core.fileMode", "true"),
            Map.entry("credential.helper", ""),
            Map.entry("advice.detachedHead", "false"),
            Map.entry("init.defaultBranch", "main"),
            Map.entry("gc.auto", "0"),
            Map.entry("maintenance.auto", "false"),
            Map.entry("pack.threads", "1"),
            Map.entry("fetch.recurseSubmodules", "false"),
            Map.entry("fetch.unpackLimit", "1"),
            Map.entry("http.lowSpeedLimit", "1024"),
            Map.entry("http.lowSpeedTime", "60"));

    private final String searchPath;
    private final long maxBytes;

    /**
     * @param searchPath the value of {@code PATH}
     * @param maxBytes the most that a repository and its files may take on disk
     */
    GitSource(String searchPath, long maxBytes) {
        this.searchPath = searchPath;
        this.maxBytes = maxBytes;
    }

    /** Reads what a command prints, as it prints it. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream stdout) throws IOException, BuildException;
    }

    /** Runs a command whose output is short, and gives that output. */
    String run(GitWorkspace workspace, String... arguments) throws IOException, BuildException {
        return read(workspace, GitSource::text, arguments);
    }

    /**
     * Runs a command.
     *
     * @throws BuildException when git fails; with the last line that it said, or because what it wrote passed a limit
     */
    <T> T read(GitWorkspace workspace, Reader<T> reader, String... arguments) throws IOException, BuildException {
        Path errors = workspace.errors();
        Process process = start(workspace, errors, arguments);
        try (GitWatch watch = new GitWatch(process, workspace.folders(), maxBytes);
                InputStream stdout = process.getInputStream()) {
            T result = reader.read(stdout);
            int code = watch.await();
            watch.requireWithinLimit(workspace.shown());
            if (code != 0) {
                throw failure(workspace, errors, arguments[0], code);
            }
            return result;
        }
    }

    private Process start(GitWorkspace workspace, Path errors, String... arguments) throws IOException, BuildException {
        ProcessBuilder builder = new ProcessBuilder("git");
        builder.command().addAll(List.of(arguments));
        builder.directory(workspace.directory().toFile());
        builder.redirectError(errors.toFile());
        builder.environment().keySet().retainAll(PASSED);
        builder.environment().putAll(environment(workspace));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new BuildException(
                    Kind.MACHINE, "git cannot be started: install it to fetch " + workspace.shown(), e);
        }
    }

    private Map<String, String> environment(GitWorkspace workspace) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", searchPath);
        environment.put("HOME", workspace.home().toString());
        environment.put("LC_ALL", "C");
        environment.put("GIT_DIR", workspace.gitDir().toString());
        environment.put("GIT_WORK_TREE", workspace.workTree().toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_ATTR_NOSYSTEM", "1");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ASKPASS", "true");
        environment.put("GIT_NO_REPLACE_OBJECTS", "1");
        // Submodules obey it too: no ext:: command, no file of this machine (CVE-2022-39253).
        environment.put("GIT_ALLOW_PROTOCOL", "http:https:ssh:git");
        environment.put("GIT_SSH_COMMAND", "ssh -F /dev/null -o BatchMode=yes -o ClearAllForwardings=yes");
        Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
        settings.putAll(workspace.loginSettings());
        putSettings(environment, settings);
        return environment;
    }

    /** By the environment: an argument would show a password to every user of this machine. */
    private static void putSettings(Map<String, String> environment, Map<String, String> settings) {
        int count = 0;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            environment.put("GIT_CONFIG_KEY_" + count, setting.getKey());
            environment.put("GIT_CONFIG_VALUE_" + count, setting.getValue());
            count++;
        }
        environment.put("GIT_CONFIG_COUNT", Integer.toString(count));
    }

    private static String text(InputStream stdout) throws IOException, BuildException {
        byte[] bytes = stdout.readNBytes(MOST_OUTPUT + 1);
        if (bytes.length > MOST_OUTPUT) {
            throw new BuildException(
                    Kind.BUILD, "git prints more than " + MOST_OUTPUT + " bytes about this repository");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static BuildException failure(GitWorkspace workspace, Path errors, String command, int code)
            throws IOException {
        String said = "";
        try (InputStream in = Files.newInputStream(errors)) {
            said = new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
        }
        String reason = said.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("hint:"))
                .reduce((first, second) -> first.startsWith("fatal:") || first.startsWith("remote:") ? first : second)
                .orElse("exit code " + code);
        return new BuildException(
                Kind.BUILD,
                "git " + command + " of " + workspace.shown() + " failed: " + printable(workspace.hidingLogin(reason)));
    }

    /** A server's words, cut and stripped of what could steer a terminal. */
    private static String printable(String text) {
        String shown = text.chars()
                .limit(MOST_MESSAGE)
                .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
                .collect(Collectors.joining());
        return shown.strip();
    }
}
