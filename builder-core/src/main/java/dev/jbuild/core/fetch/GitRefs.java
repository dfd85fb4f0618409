package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the commit that a reference means, and prepares the repository that it goes to. */
record GitRefs(GitSource git, GitWorkspace workspace) {
    private static final int SHA1_DIGITS = 40;
    private static final int SHA256_DIGITS = 64;

    GitCommit resolve() throws IOException, BuildException {
        String ref = workspace.reference().ref();
        GitCommit commit =
                isWholeCommit(ref) ? new GitCommit(ref, ref, "") : pick(ref.isEmpty() ? "HEAD" : ref, list(ref));
        init(commit.id().length() == SHA256_DIGITS ? "sha256" : "sha1");
        return commit;
    }

    /** An empty repository; without a template, which would bring hooks. */
    private void init(String format) throws IOException, BuildException {
        git.run(workspace, "init", "--quiet", "--template=", "--object-format=" + format);
        git.run(workspace, "config", "remote.origin.url", workspace.reference().address());
    }

    /** The ids of all refs whose names end in this one. */
    private Map<String, String> list(String ref) throws IOException, BuildException {
        String name = ref.isEmpty() ? "HEAD" : ref;
        String listing = git.run(
                workspace, "ls-remote", "--quiet", "--", workspace.reference().address(), name, name + "^{}");
        Map<String, String> ids = new HashMap<>();
        for (String line : listing.lines().toList()) {
            String[] fields = line.split("\t", 2);
            if (fields.length != 2 || !isWholeCommit(fields[0])) {
                throw new BuildException(Kind.BUILD, workspace.shown() + ": the server lists a ref that is none");
            }
            ids.put(fields[1], fields[0]);
        }
        return ids;
    }

    /** As BuildKit picks: the full name, then a branch, then a tag. */
    private GitCommit pick(String ref, Map<String, String> ids) throws BuildException {
        String bare = ref.startsWith("refs/") ? ref : "refs/" + ref;
        for (String name : List.of(ref, bare, "refs/heads/" + ref, "refs/tags/" + ref)) {
            String object = ids.get(name);
            if (object != null) {
                return new GitCommit(ids.getOrDefault(name + "^{}", object), object, name);
            }
        }
        throw new BuildException(
                Kind.BUILD,
                "there is no branch, tag or commit \"" + ref + "\" in "
                        + workspace.reference().address());
    }

    private static boolean isWholeCommit(String text) {
        return (text.length() == SHA1_DIGITS || text.length() == SHA256_DIGITS)
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
