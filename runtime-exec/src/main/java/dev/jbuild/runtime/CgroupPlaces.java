package dev.jbuild.runtime;

import dev.jbuild.runtime.Machine.CgroupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds where this process can put a step under limits. In version 1 each controller has a hierarchy; in version 2 a
 * cgroup must hand its controllers down, which one with processes in it cannot (except the root), so it is mostly the
 * parent of the builder's own. A hybrid machine has some controllers here and some there.
 */
final class CgroupPlaces {
    private static final Set<String> USED = Set.of("pids", "memory", "cpu", "cpuset", "devices");

    private CgroupPlaces() {}

    /**
     * @param memberships the lines {@code id:controllers:path} of /proc/self/cgroup
     * @param mount where the hierarchies are mounted: /sys/fs/cgroup
     */
    static List<CgroupPlace> find(List<String> memberships, Path mount) throws IOException {
        List<CgroupPlace> places = new ArrayList<>();
        for (String line : memberships) {
            String[] fields = line.split(":", 3);
            Set<String> controllers = used(fields[1].split(",", -1));
            Optional<CgroupPlace> place = fields[1].isEmpty()
                    ? unified(mount, fields[2])
                    : controllers.isEmpty()
                            ? Optional.empty()
                            : legacy(mount.resolve(fields[1]), fields[2], controllers);
            place.ifPresent(places::add);
        }
        return places;
    }

    private static Set<String> used(String[] controllers) {
        Set<String> used = new HashSet<>(List.of(controllers));
        used.retainAll(USED);
        return used;
    }

    // In a container without a cgroup namespace the path is the host's, and the mount begins at the container's own.
    private static Optional<CgroupPlace> legacy(Path hierarchy, String path, Set<String> controllers) {
        for (Path directory : List.of(below(hierarchy, path), hierarchy)) {
            if (Files.isWritable(directory)) {
                return Optional.of(new CgroupPlace(1, directory, controllers));
            }
        }
        return Optional.empty();
    }

    private static Optional<CgroupPlace> unified(Path mount, String path) throws IOException {
        Path hierarchy = Files.exists(mount.resolve("cgroup.controllers")) ? mount : mount.resolve("unified");
        Path directory = below(hierarchy, path);
        for (; directory != null && directory.startsWith(hierarchy); directory = directory.getParent()) {
            Set<String> handedDown = Files.isWritable(directory) ? handedDown(directory) : Set.of();
            if (!handedDown.isEmpty()) {
                return Optional.of(new CgroupPlace(2, directory, handedDown));
            }
        }
        return Optional.empty();
    }

    private static Set<String> handedDown(Path directory) throws IOException {
        Path control = directory.resolve("cgroup.subtree_control");
        return Files.isReadable(control)
                ? used(Files.readString(control).strip().split(" ", -1))
                : Set.of();
    }

    private static Path below(Path mount, String path) {
        return mount.resolve(path.substring(1)).normalize();
    }
}
