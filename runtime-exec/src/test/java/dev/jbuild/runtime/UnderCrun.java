package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Steps of the OCI runtime in C, which wants control groups of version 2 alone; what it says elsewhere, CrunTest reads. */
@Tag("peer")
interface UnderCrun extends TestedRuntime {
    @BeforeAll
    static void needVersion2Alone() {
        assumeTrue(
                Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")),
                "needs a machine with control groups of version 2 alone");
    }

    @Override
    default String kind() {
        return "crun";
    }
}
