package dev.jbuild.core.plan;

import java.util.ArrayList;
import java.util.List;

/** The shell form of commands. */
final class Shells {
    private static final List<String> DEFAULT = List.of("/bin/sh", "-c");

    private Shells() {}

    /** The text as the last argument of the stage's SHELL. */
    static List<String> wrap(List<String> shell, String text) {
        List<String> argv = new ArrayList<>(shell.isEmpty() ? DEFAULT : shell);
        argv.add(text);
        return argv;
    }
}
