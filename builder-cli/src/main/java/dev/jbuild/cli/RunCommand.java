package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.ContainerRequest;
import dev.jbuild.runtime.StepInput;
import dev.jbuild.runtime.StepMount;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code jbuild run}: a command in a built image, in the box of a step. */
final class RunCommand {
    private final Arguments arguments;
    private final Surroundings surroundings;

    RunCommand(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    /** Runs it and gives its exit code. */
    int run() throws UsageException, BuildException, InterruptedException {
        ContainerRequest request = request();
        BuildListener listener = ProgressForm.PLAIN.listener(surroundings);
        try (Engine engine = new Engines(arguments, surroundings).open()) {
            StepOutcome outcome = engine.run(request, new Passed(surroundings), listener);
            if (outcome.startFailure().isPresent()) {
                throw new BuildException(Kind.BUILD, outcome.startFailure().get());
            }
            outcome.limits().forEach(limit -> surroundings.err().println("jbuild: " + limit));
            return outcome.exitCode();
        }
    }

    ContainerRequest request() throws UsageException {
        List<String> words = arguments.operands();
        if (words.isEmpty()) {
            throw new UsageException("jbuild run needs the NAME of an image");
        }
        return new ContainerRequest(
                Values.imageName(words.getFirst()),
                words.subList(1, words.size()),
                arguments.last("--entrypoint"),
                environment(),
                arguments.last("--user"),
                arguments.last("--workdir"),
                arguments.last("--name").orElse(StepSpec.DEFAULT_HOSTNAME),
                mounts(),
                input(),
                new BuildArguments(arguments, surroundings).runOptions());
    }

    private List<String> environment() throws UsageException {
        List<String> environment = new ArrayList<>();
        if (arguments.isOn("--tty")) {
            environment.add("TERM=" + surroundings.variable("TERM").orElse("xterm"));
        }
        for (String text : arguments.all("--env")) {
            String name = Values.assignment("--env", text).getKey();
            if (text.indexOf('=') >= 0) {
                environment.add(text);
            } else {
                Optional.ofNullable(surroundings.environment().get(name))
                        .ifPresent(value -> environment.add(name + "=" + value));
            }
        }
        return environment;
    }

    private List<StepMount> mounts() throws UsageException {
        List<StepMount> mounts = new ArrayList<>();
        for (String text : arguments.all("--volume")) {
            mounts.add(mount(text));
        }
        return mounts;
    }

    private StepMount mount(String text) throws UsageException {
        String[] parts = text.split(":", -1);
        boolean readOnly = parts.length == 3 && parts[2].equals("ro");
        boolean known = parts.length == 2 || readOnly || (parts.length == 3 && parts[2].equals("rw"));
        if (!known || parts[0].isEmpty()) {
            throw new UsageException("--volume needs PATH:TARGET[:ro|:rw], not " + text);
        }
        Path source = surroundings.directory().resolve(parts[0]).normalize();
        if (!Files.exists(source)) {
            throw new UsageException("--volume " + text + ": there is no " + source);
        }
        try {
            return new StepMount.Host(parts[1], source, Files.isDirectory(source), readOnly);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--volume " + text + ": " + e.getMessage(), e);
        }
    }

    // By this process's descriptor: whatever the user's standard input is, the launcher opens it again.
    private StepInput input() {
        Path own = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd/0");
        if (arguments.isOn("--tty")) {
            return new StepInput.Terminal(own);
        }
        return arguments.isOn("--interactive") ? new StepInput.Stream(own) : new StepInput.Nothing();
    }

    /** What the command prints, as it prints it. */
    private record Passed(Surroundings surroundings) implements StepOutput {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {
            surroundings.out().write(bytes, offset, length);
            surroundings.out().flush();
        }

        @Override
        public void stderr(byte[] bytes, int offset, int length) {
            surroundings.err().write(bytes, offset, length);
            surroundings.err().flush();
        }
    }
}
