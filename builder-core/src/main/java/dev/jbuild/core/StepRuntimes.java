package dev.jbuild.core;

import dev.jbuild.core.api.RunOptions;
import dev.jbuild.runtime.EmbeddedRuntime;
import dev.jbuild.runtime.Entered;
import dev.jbuild.runtime.Launcher;
import dev.jbuild.runtime.OciRuntime;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepRuntime;
import dev.jbuild.runtime.StepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the runtime that a build asks for when its first RUN needs one: a build without RUN needs none. */
final class StepRuntimes implements Function<RunOptions, StepRuntime> {
    private final EngineOptions options;
    private final Path storeRoot;

    StepRuntimes(EngineOptions options, Path storeRoot) {
        this.options = options;
        this.storeRoot = storeRoot;
    }

    @Override
    public StepRuntime apply(RunOptions run) {
        return new OnFirstUse(run.runtime());
    }

    private final class OnFirstUse implements StepRuntime {
        private final String name;
        private @Nullable StepRuntime runtime;

        OnFirstUse(String name) {
            this.name = name;
        }

        @Override
        public StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
            return runtime().run(spec, output);
        }

        private synchronized StepRuntime runtime() throws IOException {
            if (runtime == null) {
                runtime = make(name);
            }
            return runtime;
        }
    }

    private StepRuntime make(String name) throws IOException {
        Path state = Files.createDirectories(storeRoot.toAbsolutePath().resolve("run"));
        Launcher launcher = launcher(state).startedBy(options.starter());
        SearchPath programs = SearchPath.of(options.searchPath());
        return name.equals("embedded")
                ? new EmbeddedRuntime(launcher, programs, Entered.parse(options.entered()))
                : new OciRuntime(launcher, programs, name, state);
    }

    private Launcher launcher(Path state) throws IOException {
        return options.launcher().isPresent()
                ? Launcher.locate(options.launcher().get().toAbsolutePath().normalize(), state)
                : Launcher.extract(state);
    }
}
