package dev.jbuild.runtime;

import java.io.IOException;

/** This machine cannot run a step as asked; carries why and the one line that would change it. */
public final class RuntimeUnavailableException extends IOException {
    private final String reason;
    private final String fix;

    public RuntimeUnavailableException(String reason, String fix) {
        super(reason + " (" + fix + ")");
        this.reason = reason;
        this.fix = fix;
    }

    /** What is missing, in one sentence. */
    public String reason() {
        return reason;
    }

    /** What to do about it, in one line: a command or a setting. */
    public String fix() {
        return fix;
    }
}
