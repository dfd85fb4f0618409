package dev.jbuild.registry;

import java.util.ArrayList;
import java.util.List;

/** What a token is to permit, in the words of token servers: {@code repository:library/debian:pull}. */
record Scope(List<String> parts) {
    private static final String PUSH = ":pull,push";
    private static final String PULL = ":pull";

    Scope {
        parts = List.copyOf(parts);
    }

    static Scope pull(String repository) {
        return new Scope(List.of("repository:" + repository + PULL));
    }

    static Scope push(String repository) {
        return new Scope(List.of("repository:" + repository + PUSH));
    }

    /** This, and reading from another repository, which a mount needs. */
    Scope andPull(String repository) {
        List<String> more = new ArrayList<>(parts);
        more.addAll(pull(repository).parts);
        return new Scope(more);
    }

    /** Whether a token for this will do for the other. */
    boolean covers(Scope other) {
        return other.parts.stream().allMatch(part -> parts.contains(part) || parts.contains(withPush(part)));
    }

    private static String withPush(String part) {
        return part.endsWith(PULL) ? part.substring(0, part.length() - PULL.length()) + PUSH : part;
    }
}
