package dev.jbuild.dockerfile;

import java.util.Optional;

/**
 * A {@code --name=value} or {@code --name} of an instruction.
 *
 * @param name without the dashes
 * @param value without the quotes around it; variables are not expanded
 */
public record Flag(String name, Optional<Word> value, SourceRange range) {}
