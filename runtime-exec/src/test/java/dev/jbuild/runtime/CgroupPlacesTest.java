package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.Machine.CgroupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupPlacesTest {
    @TempDir
    Path mount;

    @BeforeEach
    void resolveMount() throws IOException {
        mount = mount.toRealPath();
    }

    private Path cgroup(String path, String handedDown) throws IOException {
        Path directory = Files.createDirectories(mount.resolve(path));
        Files.writeString(directory.resolve("cgroup.subtree_control"), handedDown + "\n");
        return directory;
    }

    @Test
    void version1UsesTheBuildersOwnCgroupOfEachHierarchy() throws IOException {
        Path pids = Files.createDirectories(mount.resolve("pids/user/me"));
        Path cpu = Files.createDirectories(mount.resolve("cpu,cpuacct"));
        Files.createDirectories(mount.resolve("blkio"));
        assertThat(CgroupPlaces.find(List.of("9:cpu,cpuacct:/", "8:pids:/user/me", "7:blkio:/", "0::/"), mount))
                .containsExactly(new CgroupPlace(1, cpu, Set.of("cpu")), new CgroupPlace(1, pids, Set.of("pids")));
    }

    @Test
    void version1InAContainerUsesTheContainersOwnRootWhenThePathIsTheHosts() throws IOException {
        Path memory = Files.createDirectories(mount.resolve("memory"));
        assertThat(CgroupPlaces.find(List.of("4:memory:/docker/0123"), mount))
                .containsExactly(new CgroupPlace(1, memory, Set.of("memory")));
    }

    @Test
    void aHybridMachineHasControllersInBothVersions() throws IOException {
        Path pids = Files.createDirectories(mount.resolve("pids"));
        Path unified = cgroup("unified", "memory hugetlb");
        assertThat(CgroupPlaces.find(List.of("8:pids:/", "0::/"), mount))
                .containsExactly(
                        new CgroupPlace(1, pids, Set.of("pids")), new CgroupPlace(2, unified, Set.of("memory")));
    }

    @Test
    void version2UsesTheNearestCgroupThatHandsControllersDown() throws IOException {
        Files.createFile(mount.resolve("cgroup.controllers"));
        Path slice = cgroup("user.slice", "cpu memory pids");
        cgroup("user.slice/session.scope", "");
        cgroup(".", "pids");
        assertThat(CgroupPlaces.find(List.of("0::/user.slice/session.scope"), mount))
                .containsExactly(new CgroupPlace(2, slice, Set.of("cpu", "memory", "pids")));
    }

    @Test
    void version2WithNothingOfUseHandedDownHasNoPlace() throws IOException {
        Files.createFile(mount.resolve("cgroup.controllers"));
        cgroup("user.slice", "hugetlb rdma");
        cgroup(".", "");
        assertThat(CgroupPlaces.find(List.of("0::/user.slice"), mount)).isEmpty();
    }

    @Test
    void aMembershipOutsideOfTheNamespaceLeadsNowhere() throws IOException {
        cgroup(".", "pids");
        assertThat(CgroupPlaces.find(List.of("0::/../../other"), mount.resolve("inner")))
                .isEmpty();
    }

    @Test
    void noHierarchyIsNoPlace() throws IOException {
        assertThat(CgroupPlaces.find(List.of("1:name=systemd:/", "0::/gone"), mount))
                .isEmpty();
    }
}
