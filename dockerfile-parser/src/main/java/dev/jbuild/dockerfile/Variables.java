package dev.jbuild.dockerfile;

import java.util.Optional;

/** What names stand for where a word is expanded. */
@FunctionalInterface
public interface Variables {
    /** The value of a variable; empty where it is not set, which differs from set to nothing. */
    Optional<String> get(String name);
}
