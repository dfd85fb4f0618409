package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;

/** Which runtime a test class puts its steps under. */
interface TestedRuntime {
    /** Which it is, to {@link StepMain}. */
    String kind();

    /** A new one with this directory for what it keeps; skips the test where it is missing, and says so. */
    default StepRuntime createRuntime(Path directory) throws IOException {
        return StepMain.runtime(kind(), directory);
    }
}
