package dev.jbuild.dockerfile;

import java.util.Optional;

/**
 * The parser directives on top of a Dockerfile.
 *
 * @param syntax the front end that the file asks for: noted, never run
 * @param escape a backslash or a backtick: it continues lines and escapes variables and quotes
 * @param check what {@code # check=} says about lint rules
 */
public record Directives(Optional<String> syntax, char escape, Optional<String> check) {
    public static final Directives NONE = new Directives(Optional.empty(), '\\', Optional.empty());
}
