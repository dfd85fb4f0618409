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
class GvisorEscapeTest extends EscapeContract {
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
    @Disabled("gVisor's own kernel is the filter: what these calls do, they do in there")
    void everyCallThatOpensADoorIsRefused() {}

    @Override
    @Test
    @Disabled("gVisor's abstract sockets are its own, with the host's network too")
    void abstractSocketsOfTheHostAreOutOfReach() {}
}
