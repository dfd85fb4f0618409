package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.LaunchException;
import java.io.IOException;

/** The kernel, or the filesystem of the layers, does not let this process stack layers: see {@link Rootfs#plain}. */
public final class OverlayUnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    private OverlayUnavailableException(LaunchException cause) {
        super(cause.getMessage(), cause);
    }

    /** This, if the overlay is what the launch failed for; else the failure itself. */
    static IOException of(LaunchException failure) {
        return failure.isOverlayUnsupported() ? new OverlayUnavailableException(failure) : failure;
    }
}
