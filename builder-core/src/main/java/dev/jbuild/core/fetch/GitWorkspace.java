package dev.jbuild.core.fetch;

import dev.jbuild.core.plan.GitReference;
import dev.jbuild.core.plan.Origin.GitTree;
import dev.jbuild.layer.store.PreparedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folders of one fetch, all of them in one temporary folder of the store.
 *
 * @param login to the server, where there is one
 * @param folders everything lies in them
 * @param gitDir the repository
 * @param workTree where the commit's files are checked out
 */
record GitWorkspace(
        GitReference reference,
        Optional<GitLogin> login,
        List<Path> folders,
        Path home,
        Path errors,
        Path gitDir,
        Path workTree) {
    static GitWorkspace in(PreparedTree tree, GitTree origin, Optional<GitLogin> login) throws IOException {
        Path work = tree.work().toAbsolutePath();
        Path files = tree.fs().toAbsolutePath();
        // Of a part of a repository only that part is kept, its .git therefore never.
        boolean part = !origin.reference().subdir().isEmpty();
        Path workTree = part ? Files.createDirectory(work.resolve("tree")) : files;
        Path gitDir = origin.keepGitDir() && !part ? files.resolve(".git") : work.resolve("git");
        return new GitWorkspace(
                origin.reference(),
                login,
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

    /** The settings that log in; none where nobody does. */
    Map<String, String> loginSettings() {
        return login.map(GitLogin::settings).orElse(Map.of());
    }

    /** What git or its server said, without the login. */
    String hidingLogin(String said) {
        return login.map(known -> known.hiddenIn(said)).orElse(said);
    }
}
