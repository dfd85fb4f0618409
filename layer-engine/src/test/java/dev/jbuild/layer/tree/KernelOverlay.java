package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jbuild.linux.Linux;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A real overlay mount, in the mount namespace of a shell of its own. Its tree is seen through that process's root; it is
 * gone when the shell ends.
 */
final class KernelOverlay implements Closeable {
    private final Process shell;
    private final BufferedReader answers;
    private final Writer commands;
    private final Path merged;
    private final Path upper;

    KernelOverlay(Path folder, List<Path> lowerTopmostFirst) throws IOException {
        merged = Files.createDirectory(folder.resolve("merged"));
        upper = Files.createDirectory(folder.resolve("upper"));
        Path work = Files.createDirectory(folder.resolve("work"));
        try (StackedTree lower = StackedTree.open(Linux.system(), lowerTopmostFirst)) {
            UpperTree.prepare(Linux.system(), upper, lower);
        }
        shell = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(shell.getInputStream(), UTF_8));
        commands = shell.outputWriter(UTF_8);
        String lowers = lowerTopmostFirst.stream().map(Path::toString).collect(Collectors.joining(":"));
        run("mount -t overlay overlay -o userxattr,lowerdir=" + lowers + ",upperdir=" + upper + ",workdir=" + work + " "
                + merged + " || exit 1");
        run("cd " + merged);
    }

    /** Runs a shell command at the root of the mount and waits for it. */
    void run(String command) throws IOException {
        commands.write(command + "\necho done\n");
        commands.flush();
        String answer = answers.readLine();
        if (!"done".equals(answer)) {
            throw new IOException("the shell did not do: " + command + "; it said: " + answer);
        }
    }

    /** What the kernel shows. */
    DirectoryTree tree() throws IOException {
        return DirectoryTree.open(Linux.system(), Path.of("/proc/" + shell.pid() + "/root" + merged));
    }

    Path upper() {
        return upper;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        shell.onExit().join();
    }
}
