package dev.jbuild.core.fetch;

import dev.jbuild.core.plan.GitReference;
import dev.jbuild.core.plan.Origin.GitTree;
import dev.jbuild.layer.store.PreparedTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The folders of one fetch, all of them in one temporary folder of the store.
 *
 * @param folders everything lies in them
 * @param gitDir the repository
 * @param workTree where the commit's files are checked out
 */
record GitWorkspace(GitReference reference, List<Path> folders, Path home, Path errors, Path gitDir, Path workTree) {
    static GitWorkspace in(PreparedTree tree, GitTree origin) throws IOException {
        Path work = tree.work().toAbsolutePath();
        Path files = tree.fs().toAbsolutePath();
        // Of a part of a repository only that part is kept, its .git therefore never.
        boolean part = !origin.reference().subdir().isEmpty();
        Path workTree = part ? Files.createDirectory(work.resolve("tree")) : files;
        Path gitDir = origin.keepGitDir() && !part ? files.resolve(".git") : work.resolve("git");
        return new GitWorkspace(
                origin.reference(),
                List.of(work, files),
                Files.createDirectory(work.resolve("home")),
                work.resolve("errors"),
                gitDir,
                workTree);
    }

    Path directory() {
        return workTree;
    }

    /** What messages call it, without secrets. */
    String shown() {
        return reference.shown();
    }

    /**
     * The settings that log in to an http or https server. A server that asks for a login and then leads elsewhere is not
     * followed: the login would go there.
     */
    Map<String, String> login() {
        if (reference.login().isEmpty()) {
            return Map.of();
        }
        byte[] login = reference.login().getBytes(StandardCharsets.UTF_8);
        return Map.of(
                "http." + reference.address() + ".extraHeader",
                "Authorization: Basic " + Base64.getEncoder().encodeToString(login),
                "http.followRedirects",
                "false");
    }
}
