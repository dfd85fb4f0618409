package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * A FROM and the instructions up to the next one.
 *
 * @param index counted from 0
 * @param name in lower case; empty where the stage has none
 */
public record Stage(Instruction.From from, List<Instruction> instructions, int index, Optional<String> name) {
    public Stage {
        instructions = List.copyOf(instructions);
    }

    /** From the comment above the FROM that begins with the stage's name; empty where there is none. */
    public String description() {
        return name.isEmpty() ? "" : from.source().description(name.get());
    }
}
