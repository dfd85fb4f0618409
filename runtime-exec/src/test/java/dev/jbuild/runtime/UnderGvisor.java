package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** Steps of runsc, which keeps its promises in a kernel of its own, slowly. */
@Tag("peer")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
interface UnderGvisor extends TestedRuntime {
    @Override
    default String kind() {
        return "runsc";
    }

    /** One that skips a test in which gVisor's own kernel panics, as Debian's build does whenever two processes wait for each other. */
    @Override
    default StepRuntime createRuntime(Path directory) throws IOException {
        StepRuntime runtime = TestedRuntime.super.createRuntime(directory);
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
