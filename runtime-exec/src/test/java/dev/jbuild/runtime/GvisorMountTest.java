package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("peer")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class GvisorMountTest extends MountContract {
    @Override
    String kind() {
        return Runsc.KIND;
    }

    @Override
    StepRuntime createRuntime(Path directory) throws IOException {
        return Runsc.runtime(directory);
    }

    @Override
    @Test
    @Disabled("gVisor makes the mount over a /proc of its own kernel's, in which nothing is of the host")
    void aLinkToProcIsNoMountPoint() {}
}
