package dev.jbuild.core.api;

import dev.jbuild.oci.ImageName;
import dev.jbuild.runtime.StepInput;
import dev.jbuild.runtime.StepMount;
import java.util.List;
import java.util.Optional;

/**
 * One command to run in an image, in the box of a step.
 *
 * @param command what follows the entry point; empty takes the image's own
 * @param entrypoint stands in for the image's, whose command then is left out too; an empty text is none
 * @param environment {@code NAME=VALUE}, on top of the image's
 * @param user stands in for the image's
 * @param directory stands in for the image's working directory
 * @param hostname what the command sees as its host's name
 * @param run network, limits, security and runtime
 */
public record ContainerRequest(
        ImageName image,
        List<String> command,
        Optional<String> entrypoint,
        List<String> environment,
        Optional<String> user,
        Optional<String> directory,
        String hostname,
        List<StepMount> mounts,
        StepInput input,
        RunOptions run) {
    public ContainerRequest {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        mounts = List.copyOf(mounts);
    }
}
