package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.GitReference;
import dev.jbuild.core.plan.Origin.GitTree;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.store.StoreLock;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * Fetches the files of commits, each into a tree that depends on the commit alone: every file has the commit's time and one
 * of two modes. A commit that was fetched before is found by its id; of a branch or tag the server is asked for that.
 */
public final class GitTrees {
    private static final int ID_DIGITS = 32;

    private final Store store;
    private final Linux linux;
    private final GitSource git;
    private final LayerLimits limits;

    GitTrees(Store store, Linux linux, GitSource git, LayerLimits limits) {
        this.store = store;
        this.linux = linux;
        this.git = git;
        this.limits = limits;
    }

    /**
     * The tree with the files.
     *
     * @param logins to servers that ask for one
     * @param anew whether it is fetched although it is here
     * @throws BuildException when git fails, the commit is not the one that was asked for, or a limit is passed
     */
    public FetchedTree fetch(GitTree origin, GitLogins logins, boolean anew) throws IOException, BuildException {
        try (PreparedTree tree = store.trees().prepare()) {
            GitWorkspace workspace = GitWorkspace.in(tree, origin, logins.of(origin.reference()));
            GitCommit commit = new GitRefs(git, workspace).resolve();
            requireChecksum(origin.reference(), commit);
            String id = treeId(origin, commit);
            try (StoreLock _ = store.lock("fetch " + id)) {
                if (!anew && store.trees().find(id).isPresent()) {
                    return new FetchedTree(id, true);
                }
                fill(tree, origin, workspace, commit);
                store.trees().publish(id, tree);
                return new FetchedTree(id, false);
            }
        }
    }

    private void fill(PreparedTree tree, GitTree origin, GitWorkspace workspace, GitCommit commit)
            throws IOException, BuildException {
        download(workspace, commit);
        git.read(
                workspace,
                listing -> {
                    new GitListing(limits, workspace.shown()).requireWithinLimits(listing);
                    return commit;
                },
                "ls-tree",
                "-r",
                "-l",
                "-z",
                "--full-tree",
                commit.id());
        git.run(workspace, "update-ref", "--no-deref", "HEAD", commit.id());
        git.run(workspace, "read-tree", "--reset", "-u", commit.id());
        if (origin.reference().submodules() && hasSubmodules(workspace)) {
            git.run(workspace, "submodule", "--quiet", "update", "--init", "--recursive", "--depth=1");
        }
        boolean keepsGitDir = workspace.gitDir().startsWith(tree.fs().toAbsolutePath());
        if (keepsGitDir) {
            tidy(workspace);
        }
        CheckedOutFiles files = new CheckedOutFiles(linux, time(workspace, commit), keepsGitDir);
        files.settle(workspace.workTree());
        if (!workspace.workTree().equals(tree.fs().toAbsolutePath())) {
            files.moveContents(workspace.workTree(), origin.reference().subdir(), tree.fs(), workspace.shown());
        }
    }

    /** A commit by itself, where the server gives it; else all branches and tags, one of which must have it. */
    private void download(GitWorkspace workspace, GitCommit commit) throws IOException, BuildException {
        try {
            git.run(workspace, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit.refspec());
        } catch (BuildException e) {
            // Dumb HTTP servers know no depth, others give only what a branch or tag names.
            fetchAll(workspace, e);
        }
        try {
            git.run(workspace, "cat-file", "-e", commit.id() + "^{commit}");
        } catch (BuildException e) {
            throw new BuildException(
                    Kind.BUILD, workspace.shown() + ": commit " + commit.id() + " is in no branch or tag", e);
        }
    }

    private void fetchAll(GitWorkspace workspace, BuildException first) throws IOException, BuildException {
        try {
            String[] all = {
                "fetch",
                "--quiet",
                "--no-tags",
                "origin",
                "+refs/heads/*:refs/remotes/origin/*",
                "+refs/tags/*:refs/tags/*"
            };
            git.run(workspace, all);
        } catch (BuildException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static boolean hasSubmodules(GitWorkspace workspace) {
        return Files.isRegularFile(workspace.workTree().resolve(".gitmodules"), LinkOption.NOFOLLOW_LINKS);
    }

    /** Leaves in a kept {@code .git} nothing that depends on when, how or by which machine it was fetched. */
    private void tidy(GitWorkspace workspace) throws IOException, BuildException {
        git.run(workspace, "repack", "-q", "-a", "-d", "-f", "--no-write-bitmap-index");
        Files.deleteIfExists(workspace.gitDir().resolve("FETCH_HEAD"));
        // An index made anew knows no inodes and times of this machine's files.
        Files.deleteIfExists(workspace.gitDir().resolve("index"));
        git.run(workspace, "read-tree", "HEAD");
    }

    private Timestamp time(GitWorkspace workspace, GitCommit commit) throws IOException, BuildException {
        String seconds = git.run(workspace, "show", "-s", "--no-show-signature", "--format=%ct", commit.id())
                .strip();
        try {
            return new Timestamp(Long.parseLong(seconds), 0);
        } catch (NumberFormatException e) {
            throw new BuildException(Kind.BUILD, workspace.shown() + ": commit " + commit.id() + " has no time", e);
        }
    }

    private static void requireChecksum(GitReference reference, GitCommit commit) throws BuildException {
        if (!commit.id().startsWith(reference.checksum()) && !commit.object().startsWith(reference.checksum())) {
            throw new BuildException(
                    Kind.BUILD,
                    reference.shown() + " is commit " + commit.id() + ", not " + reference.checksum()
                            + " as the checksum says");
        }
    }

    /** Commit ids have been forged (SHAttered), so the repository counts too. */
    private static String treeId(GitTree origin, GitCommit commit) {
        GitReference reference = origin.reference();
        String hex = CacheKey.of("git-tree")
                .leaf("remote", reference.address())
                .leaf("commit", commit.id())
                .leaf("refspec", origin.keepGitDir() ? commit.refspec() : "")
                .leaf("subdir", reference.subdir())
                .leaf("git", Boolean.toString(origin.keepGitDir()))
                .leaf("submodules", Boolean.toString(reference.submodules()))
                .build()
                .digest()
                .hex();
        return "git-" + hex.substring(0, ID_DIGITS);
    }
}
