package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;

/** Reads a whole file: directives, then instructions. */
final class DockerfileReader {
    private final String name;
    private final byte[] text;
    private final ParseLimits limits;

    DockerfileReader(String name, byte[] text, ParseLimits limits) {
        this.name = name;
        this.text = text;
        this.limits = limits;
    }

    Dockerfile read() throws DockerfileException {
        List<SourceLines.Line> lines = lines(Optional.empty());
        DirectiveReader top = new DirectiveReader(name, lines);
        Directives directives = top.read();
        LineReader reader = new LineReader(name, lines, top.lineCount(), directives.escape(), limits, Optional.empty());
        InstructionParser parser = new InstructionParser(reader, directives.escape(), limits);
        StageCollector collector = new StageCollector(name, limits);
        for (var line = reader.next(); line.isPresent(); line = reader.next()) {
            collector.add(parser.parse(line.get()));
        }
        List<Stage> stages = collector.stages();
        if (stages.isEmpty()) {
            boolean empty = collector.globalArgs().isEmpty();
            throw new DockerfileException(
                    name, line(1), empty ? "the file has no instructions" : "the file has no FROM and so no stage");
        }
        return new Dockerfile(name, SourceLines.texts(lines), directives, collector.globalArgs(), stages);
    }

    /**
     * Reads the one instruction of a trigger.
     *
     * @param firedAt where it is said to stand
     */
    Instruction readTrigger(SourceRange firedAt) throws DockerfileException {
        char escape = Directives.NONE.escape();
        LineReader reader = new LineReader(name, lines(Optional.of(firedAt)), 0, escape, limits, Optional.of(firedAt));
        Optional<LogicalLine> line = reader.next();
        if (line.isEmpty()) {
            throw new DockerfileException(name, firedAt, "there is no instruction in it");
        }
        Instruction instruction = new InstructionParser(reader, escape, limits).parse(line.get());
        switch (instruction) {
            case Instruction.From _, Instruction.Maintainer _, Instruction.OnBuild _ ->
                throw new DockerfileException(name, firedAt, "FROM, MAINTAINER and ONBUILD cannot be triggers");
            default -> {}
        }
        if (reader.next().isPresent()) {
            throw new DockerfileException(name, firedAt, "there is more than one instruction in it");
        }
        return instruction;
    }

    /** @param place where each line is said to stand that does not stand in the file itself */
    private List<SourceLines.Line> lines(Optional<SourceRange> place) throws DockerfileException {
        if (text.length > limits.dockerfileSize()) {
            String sentence = "the file is larger than " + limits.dockerfileSize() + " bytes (limit dockerfile-size)";
            throw new DockerfileException(name, place.orElse(line(1)), sentence);
        }
        List<SourceLines.Line> lines = SourceLines.of(text);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).size() > limits.lineLength()) {
                String sentence = "the line is longer than " + limits.lineLength() + " bytes (limit line-length)";
                throw new DockerfileException(name, place.orElse(line(i + 1)), sentence);
            }
        }
        return lines;
    }

    private static SourceRange line(int number) {
        return new SourceRange(new Position(number, 1), number);
    }
}
