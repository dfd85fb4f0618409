package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.oci.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code jbuild build}, and {@code jbuild check}, which takes the same flags. */
final class BuildCommand {
    private final Command command;
    private final Arguments arguments;
    private final Surroundings surroundings;

    /** @param command {@code build}, or {@code check} */
    BuildCommand(Command command, Arguments arguments, Surroundings surroundings) {
        this.command = command;
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    ExitCode run() throws UsageException, BuildException, InterruptedException {
        Call call = Call.of(command, arguments);
        BuildArguments build = new BuildArguments(arguments, surroundings);
        if (build.readsDockerfileFromStdin()) {
            try (StdinDockerfile dockerfile = StdinDockerfile.read(surroundings.in())) {
                return run(call, build.request(Optional.of(dockerfile.file())), build.notes());
            }
        }
        return run(call, build.request(Optional.empty()), build.notes());
    }

    private ExitCode run(Call call, BuildRequest request, List<String> notes)
            throws UsageException, BuildException, InterruptedException {
        return switch (call.method()) {
            case BUILD -> build(request, notes);
            case CHECK, OUTLINE, TARGETS -> review(call, request, notes);
        };
    }

    private ExitCode review(Call call, BuildRequest request, List<String> notes)
            throws UsageException, BuildException, InterruptedException {
        BuildListener listener = ProgressForm.of(arguments, surroundings).listener(surroundings);
        notes.forEach(listener::note);
        try (Engine engine = new Engines(arguments, surroundings).open()) {
            return new Reviews(engine, request, listener, surroundings).run(call);
        } finally {
            close(listener);
        }
    }

    private ExitCode build(BuildRequest request, List<String> notes)
            throws UsageException, BuildException, InterruptedException {
        ResultFiles files = ResultFiles.of(arguments, surroundings);
        files.removeStale();
        ProgressForm form = ProgressForm.of(arguments, surroundings);
        BuildListener listener = form.listener(surroundings);
        notes.forEach(listener::note);
        long start = System.nanoTime();
        BuildResult result = build(request, listener);
        files.write(result);
        tell(form, request, result, System.nanoTime() - start);
        return ExitCode.OK;
    }

    private BuildResult build(BuildRequest request, BuildListener listener)
            throws BuildException, InterruptedException {
        try (Engine engine = new Engines(arguments, surroundings).open()) {
            return engine.build(request, listener);
        } finally {
            close(listener);
        }
    }

    /** Live lines are gone from the terminal before anything else is said. */
    private static void close(BuildListener listener) {
        if (listener instanceof TerminalProgress terminal) {
            terminal.close();
        }
    }

    private void tell(ProgressForm form, BuildRequest request, BuildResult result, long nanos) {
        switch (form) {
            case QUIET -> tellId(request, result);
            case RAWJSON -> {}
            case PLAIN, TTY ->
                surroundings
                        .err()
                        .println("\nbuilt " + names(result.tags())
                                + result.config().digest() + (result.pushed() ? ", pushed" : "") + " in "
                                + Seconds.tenths(nanos) + "s");
        }
    }

    /** Standard output belongs to the archive when one goes there. */
    private void tellId(BuildRequest request, BuildResult result) {
        if (request.outputs().stream().noneMatch(OutputArgument::isStream)) {
            surroundings.out().println(result.config().digest());
        }
    }

    private static String names(List<ImageName> names) {
        return names.isEmpty()
                ? ""
                : names.stream().map(ImageName::familiar).collect(Collectors.joining(", ", "", " "));
    }
}
