package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers instructions to stages, in the order of the file. */
final class StageCollector {
    private final String file;
    private final ParseLimits limits;
    private final List<Instruction.Arg> globalArgs = new ArrayList<>();
    private final List<Stage> finished = new ArrayList<>();
    private final List<Instruction> current = new ArrayList<>();
    private Optional<Instruction.From> from = Optional.empty();
    private int count;

    StageCollector(String file, ParseLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    void add(Instruction instruction) throws DockerfileException {
        if (++count > limits.instructions()) {
            throw error(
                    instruction, "there are more than " + limits.instructions() + " instructions (limit instructions)");
        }
        if (instruction instanceof Instruction.From begin) {
            begin(begin);
        } else if (from.isPresent()) {
            current.add(instruction);
        } else if (instruction instanceof Instruction.Arg arg) {
            globalArgs.add(arg);
        } else {
            throw error(instruction, "no build stage in current context: only ARG may stand before the first FROM");
        }
    }

    private void begin(Instruction.From begin) throws DockerfileException {
        finish();
        if (finished.size() == limits.stages()) {
            throw error(begin, "there are more than " + limits.stages() + " stages (limit stages)");
        }
        from = Optional.of(begin);
    }

    private void finish() {
        if (from.isPresent()) {
            finished.add(
                    new Stage(from.get(), current, finished.size(), from.get().name()));
        }
        from = Optional.empty();
        current.clear();
    }

    /** The ARGs before the first FROM. */
    List<Instruction.Arg> globalArgs() {
        return globalArgs;
    }

    /** The stages; nothing can be added after that. */
    List<Stage> stages() {
        finish();
        return finished;
    }

    private DockerfileException error(Instruction instruction, String sentence) {
        return new DockerfileException(file, instruction.range(), sentence);
    }
}
