package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class EmbeddedRuntimeTest extends RuntimeContract {
    @Override
    StepRuntime createRuntime(Path directory) throws IOException {
        return new EmbeddedRuntime(
                TestBox.launcher(directory), new SearchPath(List.of()), new Entered(Entered.Rung.ROOT, ""));
    }
}
