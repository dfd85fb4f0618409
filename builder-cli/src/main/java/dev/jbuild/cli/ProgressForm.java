package dev.jbuild.cli;

import dev.jbuild.core.api.BuildListener;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The values of {@code --progress}. */
enum ProgressForm {
    PLAIN,
    TTY,
    QUIET,
    RAWJSON;

    private static final List<String> NAMES = List.of("auto", "tty", "plain", "quiet", "rawjson");

    /** What the flags ask for, else {@code BUILDKIT_PROGRESS}, else live lines; those only where a terminal is to show them. */
    static ProgressForm of(Arguments arguments, Surroundings surroundings) throws UsageException {
        Optional<String> word = arguments.last("--progress").or(() -> surroundings.variable("BUILDKIT_PROGRESS"));
        ProgressForm asked = of(word.orElse("auto"), surroundings);
        // Live lines would be drawn over the shell of --on-error.
        ProgressForm form = asked == TTY && arguments.last("--on-error").isPresent() ? PLAIN : asked;
        return arguments.isOn("--quiet") ? QUIET : form;
    }

    private static ProgressForm of(String form, Surroundings surroundings) throws UsageException {
        return switch (form) {
            case "auto", "tty" -> surroundings.errIsTerminal() ? TTY : PLAIN;
            case "plain" -> PLAIN;
            case "quiet", "none" -> QUIET;
            case "rawjson" -> RAWJSON;
            default ->
                throw new UsageException("--progress " + form + " is not one of auto, tty, plain, quiet and rawjson"
                        + Nearest.hint(form, NAMES));
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
