package dev.jbuild.runtime;

import java.io.IOException;

/** Runs one step of a build in a box: its command sees the rootfs and nothing of the host that the spec does not give. */
public interface StepRuntime {
    /**
     * Runs the step to its end. When this returns or throws, no process of the step is alive and nothing of it stays
     * mounted, so the upper directory may be read.
     *
     * @param output receives what the command prints, in order, from one thread of the runtime's
     * @return how the command ended, or why it could not be started (a missing executable is the image's fault)
     * @throws RuntimeUnavailableException when this machine cannot run any step so; it names the fix
     * @throws OverlayUnavailableException when the layers cannot be stacked here; nothing of the step ran
     * @throws IOException when the box could not be built (it names the call and its errno), or output threw
     * @throws InterruptedException when the calling thread was interrupted: the step was terminated, then killed
     */
    StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException;
}
