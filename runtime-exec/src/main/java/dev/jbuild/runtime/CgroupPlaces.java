package dev.jbuild.runtime;

import dev.jbuild.runtime.Machine.CgroupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds where this process can put a step under a limit of processes. In version 1 that is the pids hierarchy; in
 * version 2 a cgroup that hands the pids controller down, which one with processes in it cannot (except the root), so
 * it is mostly the parent of the builder's own.
 */
final class CgroupPlaces {
    private CgroupPlaces() {}

    /**
     * @param memberships the lines {@code id:controllers:path} of /proc/self/cgroup
     * @param mount where the hierarchies are mounted: /sys/fs/cgroup
     */
    static List<CgroupPlace> find(List<String> memberships, Path mount) throws IOException {
        for (String line : memberships) {
            String[] fields = line.split(":", 3);
            Optional<CgroupPlace> place = fields[1].isEmpty()
                    ? unified(mount, fields[2])
                    : fields[1].equals("pids") ? legacy(mount, fields[2]) : Optional.empty();
            if (place.isPresent()) {
                return List.of(place.get());
            }
        }
        return List.of();
    }

    private static Optional<CgroupPlace> legacy(Path mount, String path) {
        return Optional.of(below(mount.resolve("pids"), path))
                .filter(Files::isWritable)
                .map(directory -> new CgroupPlace(1, directory));
    }

    private static Optional<CgroupPlace> unified(Path mount, String path) throws IOException {
        Path directory = below(mount, path);
        for (; directory != null && directory.startsWith(mount); directory = directory.getParent()) {
            if (Files.isWritable(directory) && handsDownPids(directory)) {
                return Optional.of(new CgroupPlace(2, directory));
            }
        }
        return Optional.empty();
    }

    private static boolean handsDownPids(Path directory) throws IOException {
        Path control = directory.resolve("cgroup.subtree_control");
        return Files.isReadable(control)
                && List.of(Files.readString(control).strip().split(" ", -1)).contains("pids");
    }

    private static Path below(Path mount, String path) {
        return mount.resolve(path.substring(1)).normalize();
    }
}
