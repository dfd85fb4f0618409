package dev.jbuild.cli;

import dev.jbuild.core.api.BuildException;
import java.io.PrintStream;

/** Tells the user how a command failed. No stack trace unless it is asked for. */
final class Failures {
    private final PrintStream err;
    private final boolean debug;

    Failures(PrintStream err, boolean debug) {
        this.err = err;
        this.debug = debug;
    }

    ExitCode usage(UsageException e) {
        return tell(e, String.valueOf(e.getMessage()), ExitCode.USAGE);
    }

    /** The excerpt of the Dockerfile first, when there is one, so that the last line says what is wrong. */
    ExitCode build(BuildException e) {
        e.excerpt().ifPresent(excerpt -> err.println(Printable.lines(excerpt.stripTrailing())));
        return tell(e, String.valueOf(e.getMessage()), ExitCode.of(e.kind()));
    }

    ExitCode interrupted(InterruptedException e) {
        return tell(e, "interrupted", ExitCode.INTERRUPTED);
    }

    ExitCode outOfMemory(OutOfMemoryError e) {
        return tell(
                e, "out of memory (" + e.getMessage() + "): JBUILD_JAVA_OPTIONS=-Xmx2g gives more", ExitCode.MACHINE);
    }

    ExitCode bug(Throwable e) {
        String where = debug ? "" : " (JBUILD_DEBUG=1 shows where)";
        return tell(e, "internal error, a bug of jbuild: " + e + where, ExitCode.BUG);
    }

    private ExitCode tell(Throwable e, String message, ExitCode code) {
        if (debug) {
            e.printStackTrace(err);
        }
        err.println("ERROR: " + Printable.line(message));
        return code;
    }
}
