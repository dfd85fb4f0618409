package dev.jbuild.cli;

import dev.jbuild.core.api.BuildListener;
import java.time.Clock;
import java.util.Optional;

/** The values of {@code --progress}. */
enum ProgressForm {
    PLAIN,
    TTY,
    QUIET,
    RAWJSON;

    /** What the flags ask for, else {@code BUILDKIT_PROGRESS}, else live lines; those only where a terminal is to show them. */
    static ProgressForm of(Arguments arguments, Surroundings surroundings) throws UsageException {
        if (arguments.isOn("--quiet")) {
            return QUIET;
        }
        Optional<String> form = arguments.last("--progress").or(() -> surroundings.variable("BUILDKIT_PROGRESS"));
        return switch (form.orElse("auto")) {
            case "auto", "tty" -> surroundings.errIsTerminal() ? TTY : PLAIN;
            case "plain" -> PLAIN;
            case "quiet", "none" -> QUIET;
            case "rawjson" -> RAWJSON;
            default ->
                throw new UsageException(
                        "--progress " + form.get() + " is not one of auto, tty, plain, quiet and rawjson");
        };
    }

    BuildListener listener(Surroundings surroundings) {
        return switch (this) {
            case PLAIN -> new PlainProgress(surroundings.err(), System::nanoTime);
            case TTY -> new TerminalProgress(surroundings.err(), System::nanoTime);
            case QUIET -> new QuietProgress(surroundings.err());
            case RAWJSON -> new JsonProgress(surroundings.err(), Clock.systemUTC());
        };
    }
}
