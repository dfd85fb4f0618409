package dev.jbuild.runtime.launch;

import java.io.IOException;

/** The launcher could not build the box: a system call failed, or the image broke a rule. */
public final class LaunchException extends IOException {
    private final String call;
    private final int errno;
    private final String what;

    LaunchException(String call, int errno, String what, String message) {
        super(errno == 0 ? what : "cannot set up the step: " + call + " " + what + ": " + message);
        this.call = call;
        this.errno = errno;
        this.what = what;
    }

    /** Whether it was the overlay of a step's layers that could not be mounted. */
    public boolean isOfOverlay() {
        return errno != 0 && (what.equals("overlay") || what.startsWith("the overlay of the step's layers"));
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
