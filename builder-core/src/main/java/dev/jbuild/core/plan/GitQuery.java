package dev.jbuild.core.plan;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What the query of a git source says, beside its fragment: {@code ?ref=…&subdir=…&keep-git-dir=…}. */
final class GitQuery {
    private static final String TAGS = "refs/tags/";
    private static final String BRANCHES = "refs/heads/";

    private final Set<String> seen = new HashSet<>();
    private String ref;
    private String subdir;
    private String checksum = "";
    private Optional<Boolean> keepGitDir = Optional.empty();
    private boolean submodules = true;

    GitQuery(String ref, String subdir) {
        this.ref = ref;
        this.subdir = subdir;
    }

    GitQuery read(String query) {
        for (String field : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = field.indexOf('=');
            String key = UrlText.decoded(equals < 0 ? field : field.substring(0, equals));
            String value = equals < 0
                    ? ""
                    : UrlText.decoded(field.substring(equals + 1).replace('+', ' '));
            if (!seen.add(key)) {
                throw new IllegalArgumentException("\"" + key + "\" is given twice in the query of a git source");
            }
            take(key, value);
        }
        return this;
    }

    GitReference reference(String remote) {
        // A commit alone names what to fetch as well as what it must be.
        return new GitReference(remote, ref.isEmpty() ? checksum : ref, subdir, checksum, keepGitDir, submodules);
    }

    private void take(String key, String value) {
        switch (key) {
            case "ref" -> ref = agreed("ref", ref, value);
            case "tag" -> ref = agreed("ref", ref, value.startsWith(TAGS) ? value : TAGS + valued(key, value));
            case "branch" ->
                ref = agreed("ref", ref, value.startsWith(BRANCHES) ? value : BRANCHES + valued(key, value));
            case "subdir" -> subdir = agreed("subdir", subdir, value);
            case "checksum", "commit" -> checksum = agreed("checksum", checksum, value);
            case "keep-git-dir" -> keepGitDir = Optional.of(truth(key, value));
            case "submodules" -> submodules = truth(key, value);
            default ->
                throw new IllegalArgumentException(
                        "\"" + key + "\" is not a key of a git source's query; it knows ref, tag,"
                                + " branch, subdir, checksum, commit, keep-git-dir and submodules");
        }
    }

    private static String agreed(String key, String known, String value) {
        if (!known.isEmpty() && !known.equals(valued(key, value))) {
            throw new IllegalArgumentException(
                    "the " + key + " of a git source is given as \"" + known + "\" and as \"" + value + "\"");
        }
        return valued(key, value);
    }

    private static String valued(String key, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("\"" + key + "\" has no value in the query of a git source");
        }
        return value;
    }

    private static boolean truth(String key, String value) {
        return switch (value) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new IllegalArgumentException(key + " is neither true nor false: \"" + value + "\"");
        };
    }
}
