package dev.jbuild.core.plan;

import java.util.Optional;
import java.util.Set;

/**
 * A place in a git repository, as ADD and build contexts name it.
 *
 * @param remote what git is given: an http, https, ssh or git address, or {@code user@host:path}
 * @param ref a branch, tag, full name or commit; empty is the repository's own choice
 * @param subdir the directory whose files are meant; empty is all
 * @param checksum what the commit's id must begin with; empty when nothing is said
 * @param keepGitDir whether {@code .git} is wanted; empty when nothing is said
 * @param submodules whether the files of submodules are wanted
 */
public record GitReference(
        String remote, String ref, String subdir, String checksum, Optional<Boolean> keepGitDir, boolean submodules) {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git");
    private static final int SHORTEST_CHECKSUM = 7;

    public GitReference {
        requirePlain("repository", remote);
        requirePlain("ref", ref);
        requirePlain("subdirectory", subdir);
        if (!checksum.isEmpty() && !isCommit(checksum)) {
            throw new IllegalArgumentException(
                    "the checksum of a git source is a commit id of at least 7 hex digits: " + checksum);
        }
    }

    /**
     * Reads a source that may be a git repository: {@code git@host:path}, an ssh or git address, or an http or https one whose
     * path ends in {@code .git}; then {@code ?key=value&…} and {@code #ref:subdir}. Empty when it is something else.
     *
     * @throws IllegalArgumentException when it is a repository, but what is said of it makes no sense
     */
    public static Optional<GitReference> parse(String source) {
        String whole = UrlText.withoutFragment(source);
        String remote = UrlText.withoutQuery(whole);
        if (!isRepository(remote)) {
            return Optional.empty();
        }
        String[] place = UrlText.fragment(source).split(":", 2);
        String subdir = place.length == 1 ? "" : place[1];
        return Optional.of(
                new GitQuery(place[0], subdir).read(UrlText.query(whole)).reference(remote));
    }

    /** As {@link #parse}, of a build context: there {@code github.com/owner/name} is short for its https address. */
    public static Optional<GitReference> parseContext(String source) {
        return parse(source.startsWith("github.com/") ? "https://" + withGitEnding(source) : source);
    }

    /** The same repository at another commit, tag or branch's commit. */
    public GitReference withChecksum(String commit) {
        return new GitReference(remote, ref, subdir, commit, keepGitDir, submodules);
    }

    /** What git may be told where others see it: without the user and password of an http or https address. */
    public String address() {
        return UrlText.scheme(remote).startsWith("http") ? UrlText.withoutUserInfo(remote) : remote;
    }

    /** {@code user:password} of an http or https address, decoded; empty when there is none. */
    public String login() {
        return UrlText.scheme(remote).startsWith("http") ? UrlText.decoded(UrlText.userInfo(remote)) : "";
    }

    /** The host of an http or https address, with its port where one is given; empty of others. */
    public String host() {
        return UrlText.scheme(remote).startsWith("http") ? UrlText.host(remote) : "";
    }

    /** For messages: without a password. */
    public String shown() {
        String place = UrlText.scheme(remote).isEmpty() ? remote : UrlText.withoutUserInfo(remote);
        return place + (ref.isEmpty() && subdir.isEmpty() ? "" : "#" + ref) + (subdir.isEmpty() ? "" : ":" + subdir);
    }

    private static String withGitEnding(String source) {
        String path = UrlText.withoutQuery(UrlText.withoutFragment(source));
        return path.endsWith(".git") ? source : path + ".git" + source.substring(path.length());
    }

    private static boolean isRepository(String remote) {
        String scheme = UrlText.scheme(remote);
        return switch (scheme) {
            case "" -> isScpStyle(remote);
            case "http", "https" -> UrlText.path(remote).endsWith(".git");
            default -> SCHEMES.contains(scheme);
        };
    }

    /** {@code user@host:path}. */
    private static boolean isScpStyle(String remote) {
        int at = remote.indexOf('@');
        int colon = remote.indexOf(':', at + 1);
        return at > 0
                && colon > at + 1
                && colon < remote.length() - 1
                && isName(remote.substring(0, at))
                && isName(remote.substring(at + 1, colon));
    }

    private static boolean isName(String text) {
        return text.charAt(0) != '-'
                && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0);
    }

    private static boolean isCommit(String text) {
        return text.length() >= SHORTEST_CHECKSUM
                && text.length() <= 64
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Git takes a word with a dash in front for an option (CVE-2017-1000117 and its kin). */
    private static void requirePlain(String what, String text) {
        if (text.startsWith("-") || text.chars().anyMatch(c -> Character.isISOControl(c) || c == ' ')) {
            throw new IllegalArgumentException(
                    "the " + what + " of a git source may hold no blanks and not begin with a dash: \"" + text + "\"");
        }
    }
}
