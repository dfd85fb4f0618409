package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Instruction;

/**
 * An instruction of a stage, its own or one that its base triggers.
 *
 * @param trigger whether it comes from the base's ONBUILD
 */
record PlannedInstruction(Instruction instruction, boolean trigger) {
    /** Whether it changes the filesystem. */
    boolean makesStep() {
        return instruction instanceof Instruction.Run
                || instruction instanceof Instruction.Copy
                || instruction instanceof Instruction.Add
                || instruction instanceof Instruction.Workdir;
    }
}
