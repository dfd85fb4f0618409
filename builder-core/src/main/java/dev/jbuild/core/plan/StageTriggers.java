package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the ONBUILDs of a stage's base have left for it.
 *
 * @param images what is known of base images so far
 */
record StageTriggers(Dockerfile dockerfile, Map<ImageRequest.Key, BaseImage> images) {
    /** The instructions that the stage's FROM fires, in order; they are said to stand in that FROM. */
    List<Instruction> of(StageBase base, Stage stage) throws DockerfileException {
        List<Instruction> fired = new ArrayList<>();
        for (Trigger trigger : triggers(base)) {
            fired.add(dockerfile.parseTrigger(trigger, stage.from().range()));
        }
        return fired;
    }

    private List<Trigger> triggers(StageBase base) {
        return switch (base) {
            case StageBase.Scratch() -> List.of();
            case StageBase.Fetched _ -> List.of();
            case StageBase.Earlier(int earlier) -> ofStage(dockerfile.stages().get(earlier));
            case StageBase.Image(ImageRequest request) -> ofImage(request);
        };
    }

    private static List<Trigger> ofStage(Stage stage) {
        String base = "stage " + stage.name().orElse(Integer.toString(stage.index()));
        List<Trigger> triggers = new ArrayList<>();
        for (Instruction instruction : stage.instructions()) {
            if (instruction instanceof Instruction.OnBuild onBuild) {
                String line = " (line " + onBuild.range().firstLine() + ")";
                triggers.add(new Trigger(onBuild.trigger(), base + line));
            }
        }
        return triggers;
    }

    private List<Trigger> ofImage(ImageRequest request) {
        BaseImage image = images.get(request.key());
        if (image == null) {
            return List.of();
        }
        String base = "base image " + request.name().familiar();
        return image.config().config().onBuild().stream()
                .map(text -> new Trigger(text, base))
                .toList();
    }
}
