package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciCgroupsTest {
    /** More than the kernel gives to any process (PID_MAX_LIMIT). */
    private static final String DEAD = "4194305";

    private static final long ALIVE = ProcessHandle.current().pid();

    @TempDir
    Path mount;

    private Path cgroup(String path) throws IOException {
        return Files.createDirectories(mount.resolve(path));
    }

    @Test
    void aStepsCgroupGoesFromEachHierarchyAndAnothersStays() throws IOException {
        Path pids = cgroup("pids/jbuild-7-1");
        Path unified = cgroup("unified/jbuild-7-1");
        Path other = cgroup("pids/jbuild-7-11");
        new OciCgroups(mount).remove("jbuild-7-1");
        assertThat(pids).doesNotExist();
        assertThat(unified).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void thoseOfDeadBuildersGoAndNoOthers() throws IOException {
        Path dead = cgroup("pids/jbuild-" + DEAD + "-3");
        Path alive = cgroup("pids/jbuild-" + ALIVE + "-3");
        Path ofTheLauncher = cgroup("pids/jbuild-" + DEAD);
        Path foreign = cgroup("pids/system.slice");
        new OciCgroups(mount).removeOrphans();
        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        assertThat(ofTheLauncher).exists();
        assertThat(foreign).exists();
    }

    @Test
    void version2AloneIsOneHierarchyWhoseCgroupsAreNotLookedInto() throws IOException {
        Files.createFile(mount.resolve("cgroup.controllers"));
        Path dead = cgroup("jbuild-" + DEAD + "-1");
        Path inside = cgroup("system.slice/jbuild-" + DEAD + "-1");
        new OciCgroups(mount).removeOrphans();
        assertThat(dead).doesNotExist();
        assertThat(inside).exists();
    }

    @Test
    void oneThatIsStillInUseIsLeftAlone() throws IOException {
        Path busy = cgroup("pids/jbuild-7-1/in-use").getParent();
        new OciCgroups(mount).remove("jbuild-7-1");
        assertThat(busy).exists();
    }

    @Test
    void aMachineWithoutCgroupsHasNothingToRemove() throws IOException {
        new OciCgroups(mount.resolve("none")).removeOrphans();
        new OciCgroups(mount.resolve("none")).remove("jbuild-7-1");
    }
}
