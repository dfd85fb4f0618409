package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/** gVisor's runtime for the contracts' tests. */
final class Runsc {
    static final String KIND = "runsc";

    private Runsc() {}

    /** One that skips a test in which gVisor's own kernel panics, as Debian's build does whenever two processes wait for each other. */
    static StepRuntime runtime(Path directory) throws IOException {
        StepRuntime runtime = StepMain.runtime(KIND, directory);
        return (spec, output) -> {
            try {
                return runtime.run(spec, output);
            } catch (OciRuntimeException e) {
                if (String.valueOf(e.getMessage()).contains("panic: ")) {
                    throw new TestAbortedException("this build of gVisor panics: " + e.getMessage(), e);
                }
                throw e;
            }
        };
    }
}
