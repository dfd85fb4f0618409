package dev.jbuild.runtime;

import static dev.jbuild.runtime.launch.Attribute.NO_DEVICES;
import static dev.jbuild.runtime.launch.Attribute.NO_EXECUTION;
import static dev.jbuild.runtime.launch.Attribute.NO_SETUID;
import static dev.jbuild.runtime.launch.Attribute.READ_ONLY;
import static dev.jbuild.runtime.launch.Attribute.STRICT_ACCESS_TIMES;

import dev.jbuild.runtime.launch.Attribute;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Bind;
import dev.jbuild.runtime.launch.Operation.Device;
import dev.jbuild.runtime.launch.Operation.Directory;
import dev.jbuild.runtime.launch.Operation.Filesystem;
import dev.jbuild.runtime.launch.Operation.Mask;
import dev.jbuild.runtime.launch.Operation.Place;
import dev.jbuild.runtime.launch.Operation.PrivateFile;
import dev.jbuild.runtime.launch.Operation.ReadOnly;
import dev.jbuild.runtime.launch.Operation.Symlink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Decides what a step's filesystem holds besides the image: /proc, /dev, /sys, the network's files, and what is hidden. */
final class BoxOperations {
    /** What is hidden: the union of what containerd and Podman hide. */
    static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware",
            "/sys/fs/selinux");

    /** What can be read, but not written. */
    static final List<String> READ_ONLY_PATHS =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final Set<Attribute> CLOSED = Set.of(NO_SETUID, NO_DEVICES, NO_EXECUTION);
    private static final Set<Attribute> CLOSED_READ_ONLY = Set.of(NO_SETUID, NO_DEVICES, NO_EXECUTION, READ_ONLY);

    private static final int ALL_READ_WRITE = 0666;
    private static final int OWNER_WRITES = 0755;
    private static final int ALL_READ = 0644;
    private static final long TTY_GROUP = 5;

    private final Machine machine;
    private final StepSpec spec;
    private final List<Operation> operations = new ArrayList<>();

    private BoxOperations(Machine machine, StepSpec spec) {
        this.machine = machine;
        this.spec = spec;
    }

    /** Where every box mounts something in the image, which need not have it. */
    static final List<String> MOUNT_POINTS =
            List.of("/proc", "/dev", "/sys", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname");

    /** The operations in their order. */
    static List<Operation> of(Machine machine, Link link, BoxFiles files, StepSpec spec) {
        BoxOperations box = new BoxOperations(machine, spec);
        box.addProc();
        box.addDevices();
        box.addSys(link instanceof Link.Host);
        box.addFiles(files);
        if (spec.security().masked()) {
            box.restrict();
        }
        return box.operations;
    }

    private void addProc() {
        operations.add(new Filesystem("/proc", Place.IMAGE, "proc", List.of(), CLOSED));
    }

    private void addDevices() {
        Set<Attribute> attributes = Set.of(NO_SETUID, STRICT_ACCESS_TIMES);
        operations.add(new Filesystem("/dev", Place.IMAGE, "tmpfs", List.of("mode=755", "size=65536k"), attributes));
        operations.add(new Device("/dev/null", 1, 3, ALL_READ_WRITE));
        operations.add(new Device("/dev/zero", 1, 5, ALL_READ_WRITE));
        operations.add(new Device("/dev/full", 1, 7, ALL_READ_WRITE));
        operations.add(new Device("/dev/random", 1, 8, ALL_READ_WRITE));
        operations.add(new Device("/dev/urandom", 1, 9, ALL_READ_WRITE));
        operations.add(new Device("/dev/tty", 5, 0, ALL_READ_WRITE));
        operations.add(new Symlink("/dev/fd", "/proc/self/fd"));
        operations.add(new Symlink("/dev/stdin", "/proc/self/fd/0"));
        operations.add(new Symlink("/dev/stdout", "/proc/self/fd/1"));
        operations.add(new Symlink("/dev/stderr", "/proc/self/fd/2"));
        operations.add(new Symlink("/dev/ptmx", "pts/ptmx"));
        addBelowDev("/dev/pts", "devpts", terminalOptions(), Set.of(NO_SETUID, NO_EXECUTION));
        addBelowDev(
                "/dev/shm",
                "tmpfs",
                List.of("mode=1777", "size=" + spec.limits().shmBytes()),
                CLOSED);
        addBelowDev("/dev/mqueue", "mqueue", List.of(), CLOSED);
    }

    private void addBelowDev(String target, String type, List<String> options, Set<Attribute> attributes) {
        operations.add(new Directory(target, OWNER_WRITES));
        operations.add(new Filesystem(target, Place.BOX, type, options, attributes));
    }

    // Terminals belong to the group tty, where the user namespace has it.
    private List<String> terminalOptions() {
        List<String> options = new ArrayList<>(List.of("ptmxmode=0666", "mode=0620"));
        if (machine.gids().contains(TTY_GROUP)) {
            options.add("gid=" + TTY_GROUP);
        }
        return options;
    }

    // A new sysfs shows the network namespace of whoever mounts it, so it takes an own one; else the host's is bound.
    private void addSys(boolean hostNetwork) {
        if (hostNetwork) {
            // A user namespace may not take a mount of the host's apart (mount_namespaces(7), locked mounts).
            boolean recursive = !machine.uids().isWhole();
            operations.add(new Bind("/sys", Place.IMAGE, Path.of("/sys"), recursive, CLOSED_READ_ONLY));
        } else {
            operations.add(new Filesystem("/sys", Place.IMAGE, "sysfs", List.of(), CLOSED_READ_ONLY));
        }
        addCgroups();
    }

    // Version 1 has a dozen hierarchies of which a build step needs none: it sees an empty directory.
    private void addCgroups() {
        String type = machine.unifiedCgroups() ? "cgroup2" : "tmpfs";
        List<String> options = machine.unifiedCgroups() ? List.of() : List.of("mode=755", "size=4k");
        operations.add(new Filesystem("/sys/fs/cgroup", Place.BOX, type, options, CLOSED_READ_ONLY));
    }

    private void addFiles(BoxFiles files) {
        addFile("/etc/resolv.conf", files.resolvConf());
        addFile("/etc/hosts", files.hosts());
        addFile("/etc/hostname", files.hostname());
    }

    private void addFile(String target, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        operations.add(new PrivateFile(target, Place.IMAGE_FOLLOWED, content, ALL_READ, 0, 0, CLOSED_READ_ONLY));
    }

    private void restrict() {
        READ_ONLY_PATHS.forEach(path -> operations.add(new ReadOnly(path)));
        MASKED.forEach(path -> operations.add(new Mask(path)));
        for (String processor : machine.processors()) {
            operations.add(new Mask("/sys/devices/system/cpu/" + processor + "/thermal_throttle"));
        }
    }
}
