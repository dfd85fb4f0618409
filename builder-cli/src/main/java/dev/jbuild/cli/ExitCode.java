package dev.jbuild.cli;

import dev.jbuild.core.api.BuildException;

/** How the process ends; documented in the user guide, so never renumbered. */
enum ExitCode {
    OK(0),
    BUILD_FAILED(1),
    USAGE(2),
    REGISTRY(3),
    STORE(4),
    MACHINE(5),
    /** A bug of ours (EX_SOFTWARE of sysexits.h). */
    BUG(70),
    /** 128 + SIGINT, as shells report it. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(BuildException.Kind kind) {
        return switch (kind) {
            case BUILD -> BUILD_FAILED;
            case USAGE -> USAGE;
            case REGISTRY -> REGISTRY;
            case STORE -> STORE;
            case MACHINE -> MACHINE;
        };
    }
}
