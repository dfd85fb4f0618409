package dev.jbuild.runtime;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What OCI runtimes leave of a step's cgroups, one of the step's name at the top of each hierarchy: crun when it fails after
 * it made them, runsc when it panics, and each when it is killed, for they remove only what they had time to write down.
 */
final class OciCgroups {
    /** As {@link OciBundle} names a step: by the builder's process, and which step of it this is. */
    private static final Pattern NAME = Pattern.compile("jbuild-(\\d{1,10})-\\d+");

    private static final Linux LINUX = Linux.system();

    private final Path mount;

    /** @param mount where the hierarchies are mounted: /sys/fs/cgroup */
    OciCgroups(Path mount) {
        this.mount = mount;
    }

    static OciCgroups ofMachine() {
        return new OciCgroups(Path.of("/sys/fs/cgroup"));
    }

    /** Removes those of one step, which is over. */
    void remove(String step) throws IOException {
        for (Path hierarchy : hierarchies()) {
            remove(hierarchy, step);
        }
    }

    /** Removes those of builders that are no more. */
    void removeOrphans() throws IOException {
        for (Path hierarchy : hierarchies()) {
            for (Path cgroup : directories(hierarchy)) {
                String name = cgroup.getFileName().toString();
                if (isOrphan(name)) {
                    remove(hierarchy, name);
                }
            }
        }
    }

    private static boolean isOrphan(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }

    private List<Path> hierarchies() throws IOException {
        return Files.exists(mount.resolve("cgroup.controllers")) ? List.of(mount) : directories(mount);
    }

    private static List<Path> directories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private static void remove(Path hierarchy, String name) throws IOException {
        try (Fd parent = LINUX.open(hierarchy, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            LINUX.removeDirectoryAt(parent, name.getBytes(StandardCharsets.US_ASCII));
        } catch (LinuxException e) {
            if (!isGoneOrInUse(e.errno())) {
                throw e;
            }
        }
    }

    /**
     * A process that was just reaped counts for a moment longer: the next step, or builder, removes the cgroup. An empty one
     * holds nothing, and is no reason to fail a step that has succeeded; nor is one that another builder was faster to remove.
     */
    private static boolean isGoneOrInUse(int errno) {
        return errno == Errno.ENOENT || errno == Errno.EBUSY || errno == Errno.ENOTEMPTY;
    }
}
