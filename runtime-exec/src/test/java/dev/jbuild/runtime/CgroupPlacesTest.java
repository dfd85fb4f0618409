package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.Machine.CgroupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void version1UsesTheBuildersOwnCgroupOfThePidsHierarchy() throws IOException {
        Path own = Files.createDirectories(mount.resolve("pids/user/me"));
        assertThat(CgroupPlaces.find(List.of("9:cpu:/", "8:pids:/user/me", "0::/"), mount))
                .containsExactly(new CgroupPlace(1, own));
    }

    @Test
    void version2UsesTheNearestCgroupThatHandsDownPids() throws IOException {
        Path slice = cgroup("user.slice", "cpu memory pids");
        cgroup("user.slice/session.scope", "");
        cgroup(".", "pids");
        assertThat(CgroupPlaces.find(List.of("0::/user.slice/session.scope"), mount))
                .containsExactly(new CgroupPlace(2, slice));
    }

    @Test
    void version2WithoutPidsHandedDownHasNoPlace() throws IOException {
        cgroup("user.slice", "cpu memory");
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
