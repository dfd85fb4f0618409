package dev.jbuild.runtime.launch;

import dev.jbuild.runtime.confine.Capability;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a launch in the launcher's wire format (spec.c reads it): numbers little endian, all else with its length. */
final class LaunchWriter {
    private static final byte[] MAGIC = "jbuild02".getBytes(StandardCharsets.US_ASCII);

    private static final int PIVOT = 1;
    private static final int CONFINE = 2;
    private static final int NO_NEW_PRIVILEGES = 4;
    private static final int SET_GROUPS = 8;

    private static final int IN_ROOTFS = 1;
    private static final int FOLLOW = 2;
    private static final int RECURSIVE = 4;

    private static final Launch.Confinement UNCONFINED =
            new Launch.Confinement(0, 0, Optional.empty(), Set.of(), List.of(), new byte[0], false);

    private final ByteArrayOutputStream body = new ByteArrayOutputStream(8192);

    private LaunchWriter() {}

    static byte[] write(Launch launch) {
        LaunchWriter writer = new LaunchWriter();
        writer.putLaunch(launch);
        return ByteBuffer.allocate(MAGIC.length + Integer.BYTES + writer.body.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(writer.body.size())
                .put(writer.body.toByteArray())
                .array();
    }

    private void putLaunch(Launch launch) {
        putInt(flags(launch));
        putInt(Namespace.mask(launch.namespaces()));
        putStrings(launch.lower().stream().map(Path::toString).toList());
        putString(launch.upper().toString());
        putString(launch.work().toString());
        putString(launch.attach().map(Path::toString).orElse(""));
        putString(launch.hostname());
        putInt(launch.operations().size());
        launch.operations().forEach(this::putOperation);
        putStrings(launch.argv());
        putStrings(assignments(launch.env()));
        putString(launch.cwd());
        putConfinement(launch.confinement().orElse(UNCONFINED));
        putInt(launch.cgroups().size());
        launch.cgroups().forEach(this::putCgroup);
        putDisk(launch.disk());
        putInt(launch.oomScore());
        putStrings(launch.network());
        putStrings(launch.cleanup());
    }

    private static int flags(Launch launch) {
        int flags = launch.attach().isEmpty() ? PIVOT : 0;
        if (launch.confinement().isEmpty()) {
            return flags;
        }
        Launch.Confinement confinement = launch.confinement().get();
        return flags
                | CONFINE
                | (confinement.noNewPrivileges() ? NO_NEW_PRIVILEGES : 0)
                | (confinement.groups().isPresent() ? SET_GROUPS : 0);
    }

    private static List<String> assignments(Map<String, String> env) {
        return env.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private void putConfinement(Launch.Confinement confinement) {
        putInt((int) confinement.uid());
        putInt((int) confinement.gid());
        List<Long> groups = confinement.groups().orElse(List.of());
        putInt(groups.size());
        groups.forEach(group -> putInt(group.intValue()));
        putLong(Capability.mask(confinement.capabilities()));
        putInt(confinement.limits().size());
        confinement.limits().forEach(this::putLimit);
        putBytes(confinement.seccomp());
    }

    private void putLimit(Launch.Limit limit) {
        putInt(limit.resource().number());
        putLong(limit.soft());
        putLong(limit.hard());
    }

    private void putCgroup(Launch.Cgroup cgroup) {
        putInt(cgroup.version());
        putString(cgroup.parent().toString());
        putStrings(cgroup.settings());
        putStrings(cgroup.readings());
        putInt(cgroup.tripwires().size());
        cgroup.tripwires().forEach(this::putTripwire);
    }

    private void putTripwire(Launch.Tripwire tripwire) {
        putString(tripwire.file());
        putString(tripwire.field());
        putInt(tripwire.patienceMillis());
        putString(tripwire.sentence());
    }

    private void putDisk(Launch.Disk disk) {
        putLong(disk.limit());
        putLong(disk.reserve());
        putString(disk.overLimit());
        putString(disk.overReserve());
    }

    private static final byte[] NOTHING = {};

    // One record with the fields of all kinds, most of them empty, keeps the reader in C short.
    private void putOperation(Operation operation) {
        switch (operation) {
            case Operation.Filesystem(var target, var place, var type, var options, var attributes) ->
                putOperation(1, flags(place), target, type, Attribute.mask(attributes), options, NOTHING, 0, 0, 0);
            case Operation.Bind(var target, var place, var source, var recursive, var attributes) ->
                putOperation(
                        2,
                        flags(place) | (recursive ? RECURSIVE : 0),
                        target,
                        source.toString(),
                        Attribute.mask(attributes),
                        List.of(),
                        NOTHING,
                        0,
                        0,
                        0);
            case Operation.PrivateFile(var target, var place, var content, var mode, var attributes) ->
                putOperation(3, flags(place), target, "", Attribute.mask(attributes), List.of(), content, mode, 0, 0);
            case Operation.Device(var target, var major, var minor, var mode) ->
                putOperation(4, 0, target, "", 0, List.of(), NOTHING, mode, major, minor);
            case Operation.Symlink(var target, var text) ->
                putOperation(5, 0, target, text, 0, List.of(), NOTHING, 0, 0, 0);
            case Operation.Directory(var target, var mode) ->
                putOperation(6, 0, target, "", 0, List.of(), NOTHING, mode, 0, 0);
            case Operation.Mask(var target) -> putOperation(7, 0, target, "", 0, List.of(), NOTHING, 0, 0, 0);
            case Operation.ReadOnly(var target) -> putOperation(8, 0, target, "", 0, List.of(), NOTHING, 0, 0, 0);
            case Operation.Stub(var target, var place, var directory) ->
                putOperation(directory ? 9 : 10, flags(place), target, "", 0, List.of(), NOTHING, 0, 0, 0);
        }
    }

    private static int flags(Operation.Place place) {
        return switch (place) {
            case BOX -> 0;
            case IMAGE -> IN_ROOTFS;
            case IMAGE_FOLLOWED -> IN_ROOTFS | FOLLOW;
        };
    }

    private void putOperation(
            int kind,
            int flags,
            String target,
            String source,
            long attributes,
            List<String> options,
            byte[] content,
            int mode,
            int major,
            int minor) {
        putInt(kind);
        putInt(flags);
        putString(target);
        putString(source);
        putLong(attributes);
        putStrings(options);
        putBytes(content);
        putInt(mode);
        putInt(major);
        putInt(minor);
    }

    private void putStrings(Collection<String> strings) {
        putInt(strings.size());
        strings.forEach(this::putString);
    }

    private void putString(String string) {
        putBytes(string.getBytes(StandardCharsets.UTF_8));
    }

    private void putBytes(byte[] bytes) {
        putInt(bytes.length);
        body.writeBytes(bytes);
        body.write(0);
    }

    private void putInt(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            body.write(value >>> shift);
        }
    }

    private void putLong(long value) {
        putInt((int) value);
        putInt((int) (value >>> Integer.SIZE));
    }
}
