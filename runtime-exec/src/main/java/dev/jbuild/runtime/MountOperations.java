package dev.jbuild.runtime;

import static dev.jbuild.runtime.launch.Attribute.NO_DEVICES;
import static dev.jbuild.runtime.launch.Attribute.NO_EXECUTION;
import static dev.jbuild.runtime.launch.Attribute.NO_SETUID;
import static dev.jbuild.runtime.launch.Attribute.READ_ONLY;

import dev.jbuild.runtime.launch.Attribute;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Decides how the mounts that a step asks for are made: in which order, by which operation, with which restrictions. */
final class MountOperations {
    private static final int EXECUTABLE = 0111;

    private MountOperations() {}

    /** Sorted by target, so that a mount comes before those inside it; of two at one place the later covers the earlier. */
    static List<StepMount> inOrder(List<StepMount> mounts) {
        return mounts.stream().sorted(Comparator.comparing(StepMount::target)).toList();
    }

    /** The operations for mounts at their targets. */
    static List<Operation> of(List<StepMount> mounts) {
        List<Operation> operations = new ArrayList<>();
        List<String> above = new ArrayList<>(List.of("/dev"));
        for (StepMount mount : inOrder(mounts)) {
            operations.add(operation(mount, mount.target(), place(mount.target(), above)));
            above.add(mount.target());
        }
        return operations;
    }

    /** The operation that shows a mount's content at any place. */
    static Operation operation(StepMount mount, String at, Place place) {
        return switch (mount) {
            case StepMount.Layers(var _, var lower, var source, var directory, var writable) ->
                new Operation.Stack(at, place, lower, source, directory, writable, restrictions(mount));
            case StepMount.Host(var _, var source, var _, var _) ->
                new Operation.Bind(at, place, source, false, restrictions(mount));
            case StepMount.Memory(var _, var size, var _) -> {
                List<String> options = new ArrayList<>(List.of("mode=1777"));
                size.ifPresent(bytes -> options.add("size=" + bytes));
                yield new Operation.Filesystem(at, place, "tmpfs", options, restrictions(mount));
            }
            case StepMount.File(var _, var content, var mode, var uid, var gid) ->
                new Operation.PrivateFile(at, place, content, mode, uid, gid, restrictions(mount));
        };
    }

    /** What the step may not do in a mount. */
    static Set<Attribute> restrictions(StepMount mount) {
        return switch (mount) {
            case StepMount.Layers layers -> attributes(!layers.writable(), NO_DEVICES);
            case StepMount.Host host -> attributes(host.readOnly(), NO_DEVICES);
            case StepMount.Memory memory -> attributes(memory.readOnly(), NO_DEVICES, NO_SETUID);
            case StepMount.File file ->
                (file.mode() & EXECUTABLE) != 0
                        ? attributes(true, NO_DEVICES, NO_SETUID)
                        : attributes(true, NO_DEVICES, NO_SETUID, NO_EXECUTION);
        };
    }

    /** What has to be there in the image for the mount to be put upon. */
    static boolean isDirectory(StepMount mount) {
        return switch (mount) {
            case StepMount.Layers layers -> layers.directory();
            case StepMount.Host host -> host.directory();
            case StepMount.Memory _ -> true;
            case StepMount.File _ -> false;
        };
    }

    private static Place place(String target, List<String> above) {
        boolean covered = above.stream().anyMatch(other -> target.equals(other) || target.startsWith(other + "/"));
        return covered ? Place.BOX_FOLLOWED : Place.IMAGE_FOLLOWED;
    }

    private static Set<Attribute> attributes(boolean readOnly, Attribute... others) {
        EnumSet<Attribute> attributes = EnumSet.noneOf(Attribute.class);
        attributes.addAll(List.of(others));
        if (readOnly) {
            attributes.add(READ_ONLY);
        }
        return attributes;
    }
}
