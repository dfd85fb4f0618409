package dev.jbuild.runtime.launch;

import dev.jbuild.linux.Errno;
import java.io.IOException;
import java.util.Set;

/** The launcher could not build the box: a system call failed, or the image broke a rule. */
public final class LaunchException extends IOException {
    /**
     * What mount(2), fsopen(2) and fsconfig(2) say where a kernel, a policy or a filesystem has no overlays for this process;
     * a full disk or too many open files is not that.
     */
    private static final Set<Integer> UNSUPPORTED =
            Set.of(Errno.EPERM, Errno.EACCES, Errno.ENODEV, Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP);

    private final String call;
    private final int errno;
    private final String what;
    private final boolean isOfOverlay;

    LaunchException(String call, int errno, String what, String message, boolean isOfOverlay) {
        super(errno == 0 ? what : "cannot set up the step: " + call + " " + what + ": " + message);
        this.call = call;
        this.errno = errno;
        this.what = what;
        this.isOfOverlay = isOfOverlay;
    }

    /** Whether layers cannot be mounted by overlayfs here, however often it is tried. */
    public boolean isOverlayUnsupported() {
        return isOfOverlay && UNSUPPORTED.contains(errno);
    }

    /** The system call that failed; empty when a rule was broken instead. */
    public String call() {
        return call;
    }

    /** Its error number; 0 when a rule was broken instead. */
    public int errno() {
        return errno;
    }

    /** What it was about: mostly a path. */
    public String what() {
        return what;
    }
}
