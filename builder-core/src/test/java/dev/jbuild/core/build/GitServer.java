package dev.jbuild.core.build;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A git daemon on loopback, and a repository to push to it. */
final class GitServer implements AutoCloseable {
    private static final String COMMIT_TIME = "2026-09-01T00:00:00Z";

    private final Path folder;
    private final int port;
    private final Process daemon;

    GitServer(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder.resolve("served"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.daemon = new ProcessBuilder(
                        "git",
                        "daemon",
                        "--reuseaddr",
                        "--export-all",
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--base-path=" + this.folder)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitStart();
    }

    /** A new repository, with a work tree to commit from. */
    Work repository(String name) throws IOException, InterruptedException {
        return repository(name, "sha1");
    }

    Work repository(String name, String format) throws IOException, InterruptedException {
        Path bare = folder.resolve(name + ".git");
        git(folder, "init", "-q", "--bare", "-b", "main", "--object-format=" + format, bare.toString());
        Path work = Files.createDirectories(folder.resolveSibling("work-" + name));
        git(work, "init", "-q", "-b", "main", "--object-format=" + format);
        git(work, "remote", "add", "origin", bare.toString());
        return new Work(work);
    }

    String url(String name) {
        return "git://127.0.0.1:" + port + "/" + name + ".git";
    }

    Path served() {
        return folder;
    }

    /** A work tree. */
    record Work(Path path) {
        Work write(String file, String content) throws IOException {
            Path target = path.resolve(file);
            Files.createDirectories(target.getParent());
            Files.writeString(target, content);
            return this;
        }

        /** Commits everything and pushes it; returns the commit's id. */
        String push() throws IOException, InterruptedException {
            git("add", "-A");
            git("commit", "-q", "--allow-empty", "-m", "commit");
            git("push", "-q", "origin", "HEAD");
            return git("rev-parse", "HEAD");
        }

        String git(String... arguments) throws IOException, InterruptedException {
            return GitServer.git(path, arguments);
        }
    }

    static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "protocol.file.allow=always"));
        command.addAll(List.of(arguments));
        return run(directory, command.toArray(String[]::new));
    }

    /** Runs a program; returns what it prints. */
    static String run(Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "Somebody");
            builder.environment().put("GIT_" + who + "_EMAIL", "somebody@git.test");
            builder.environment().put("GIT_" + who + "_DATE", COMMIT_TIME);
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output.strip();
    }

    private void awaitStart() throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IOException("git daemon does not answer on port " + port);
    }

    @Override
    public void close() {
        daemon.descendants().forEach(ProcessHandle::destroyForcibly);
        daemon.destroyForcibly();
    }
}
