package dev.jbuild.runtime;

import dev.jbuild.runtime.confine.Capability;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What this machine lets the process do, as far as a box depends on it.
 *
 * @param capabilities what it has in its user namespace, as the kernel writes sets
 * @param maySetGroups whether its user namespace lets setgroups(2) work
 * @param unifiedCgroups whether /sys/fs/cgroup is the version 2 hierarchy
 * @param memoryNodes the memory that a version 1 cpuset below this process's may use, such as {@code 0}
 * @param openFiles the hard limit of open files, which not even root may be able to raise
 * @param processors the names of /sys/devices/system/cpu/cpuN
 */
record Machine(
        long capabilities,
        IdMap uids,
        IdMap gids,
        boolean maySetGroups,
        boolean unifiedCgroups,
        List<CgroupPlace> cgroups,
        String memoryNodes,
        long openFiles,
        List<String> processors) {
    private static final int HEXADECIMAL = 16;

    Machine {
        cgroups = List.copyOf(cgroups);
        processors = List.copyOf(processors);
    }

    /**
     * A directory in which this process may make cgroups.
     *
     * @param controllers what such a cgroup can limit: pids, memory, cpu, cpuset, devices
     */
    record CgroupPlace(int version, Path directory, Set<String> controllers) {
        CgroupPlace {
            controllers = Set.copyOf(controllers);
        }
    }

    /** Where cgroups with this controller can be made. */
    Optional<CgroupPlace> cgroupWith(String controller) {
        for (CgroupPlace place : cgroups) {
            if (place.controllers().contains(controller)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /** Looks at /proc/self and /sys. */
    static Machine probe() throws IOException {
        Path self = Path.of("/proc/self");
        Path cgroups = Path.of("/sys/fs/cgroup");
        List<CgroupPlace> places = CgroupPlaces.find(Files.readAllLines(self.resolve("cgroup")), cgroups);
        return new Machine(
                effective(self.resolve("status")),
                IdMap.read(self.resolve("uid_map")),
                IdMap.read(self.resolve("gid_map")),
                Files.readString(self.resolve("setgroups")).startsWith("allow"),
                Files.exists(cgroups.resolve("cgroup.controllers")),
                places,
                memoryNodes(places),
                hardLimit(self.resolve("limits"), "Max open files"),
                processors(Path.of("/sys/devices/system/cpu")));
    }

    /** Whether its user namespace has no id but root's, so that owners must be recorded instead of changed. */
    boolean hasSingleId() {
        return uids.isSingle();
    }

    /** Whether it may mount, and make namespaces. */
    boolean mayMount() {
        return Capability.SYS_ADMIN.isIn(capabilities);
    }

    private static long effective(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("CapEff:")) {
                return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), HEXADECIMAL);
            }
        }
        throw new IOException(status + " does not have the line CapEff");
    }

    private static String memoryNodes(List<CgroupPlace> places) throws IOException {
        for (CgroupPlace place : places) {
            if (place.version() == 1 && place.controllers().contains("cpuset")) {
                return Files.readString(place.directory().resolve("cpuset.mems"))
                        .strip();
            }
        }
        return "";
    }

    // Columns of white space: name, soft limit, hard limit, unit.
    private static long hardLimit(Path limits, String name) throws IOException {
        for (String line : Files.readAllLines(limits)) {
            if (line.startsWith(name)) {
                String hard = line.substring(name.length()).strip().split(" +", -1)[1];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        }
        throw new IOException(limits + " does not have the line " + name);
    }

    private static List<String> processors(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "cpu[0-9]*")) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
        }
        return names;
    }
}
