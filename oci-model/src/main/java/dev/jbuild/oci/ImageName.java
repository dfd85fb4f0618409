package dev.jbuild.oci;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image: registry host, repository, and a tag or a digest or both, completed as Docker completes it
 * ({@code debian} is {@code docker.io/library/debian:latest}).
 *
 * @param registry host with optional port, {@code docker.io} for Docker Hub
 * @param repository path below the registry, lower case
 */
public record ImageName(String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
    /** The registry of names that have none. */
    public static final String DOCKER_HUB = "docker.io";

    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern REGISTRY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?");
    private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST = 255;

    public ImageName {
        // Before any pattern: Java's matcher recurses for each repetition of a group.
        if (registry.length() + repository.length() > LONGEST) {
            throw new IllegalArgumentException("more than " + LONGEST + " characters");
        }
        require(REGISTRY.matcher(registry), "a registry host", registry);
        require(REPOSITORY.matcher(repository), "a repository (lower case letters, digits and . _ - /)", repository);
        tag.ifPresent(t -> require(TAG.matcher(t), "a tag", t));
    }

    /** Reads {@code [host[:port]/]path[:tag][@digest]}; without tag and digest the tag is {@code latest}. */
    public static ImageName parse(String text) {
        try {
            return parseParts(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid image name " + Quoted.of(text) + ": " + e.getMessage(), e);
        }
    }

    private static ImageName parseParts(String text) {
        if (IMAGE_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("64 hex digits are an image's id, not its name");
        }
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(Digest.parse(rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
        int slash = rest.indexOf('/');
        String first = slash < 0 ? "" : rest.substring(0, slash);
        if (!isHost(first)) {
            return new ImageName(DOCKER_HUB, slash < 0 ? "library/" + rest : rest, tag, digest);
        }
        String path = rest.substring(slash + 1);
        boolean hub = first.equals(DOCKER_HUB) || first.equals("index.docker.io");
        if (hub && path.indexOf('/') < 0) {
            path = "library/" + path;
        }
        return new ImageName(hub ? DOCKER_HUB : first, path, tag, digest);
    }

    /** Docker's rule: a first component with a dot, a port or an upper-case letter, or {@code localhost}, is a host. */
    private static boolean isHost(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || first.chars().anyMatch(Character::isUpperCase);
    }

    /** The same repository at a digest, without the tag. */
    public ImageName at(Digest newDigest) {
        return new ImageName(registry, repository, Optional.empty(), Optional.of(newDigest));
    }

    /** What a registry's manifest URL ends in: the digest when there is one, else the tag. */
    public String reference() {
        return digest.map(Digest::toString).or(() -> tag).orElse("latest");
    }

    /** The name as people write it: Docker Hub's host and {@code library/} are left out. */
    public String familiar() {
        String path = registry.equals(DOCKER_HUB)
                ? repository.startsWith("library/") && repository.indexOf('/', 8) < 0
                        ? repository.substring(8)
                        : repository
                : registry + "/" + repository;
        return path + suffix();
    }

    @Override
    public String toString() {
        return registry + "/" + repository + suffix();
    }

    private String suffix() {
        return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
    }

    private static void require(Matcher matcher, String what, String text) {
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not " + what + ": " + Quoted.of(text));
        }
    }
}
