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
}
