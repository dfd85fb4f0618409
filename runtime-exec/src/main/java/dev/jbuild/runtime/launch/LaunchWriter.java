package dev.jbuild.runtime.launch;

import dev.jbuild.runtime.confine.Capability;
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
    private static final int RECORD_OWNERS = 16;
    private static final int PLAIN_ROOT = 32;

    private static final Launch.Confinement UNCONFINED =
            new Launch.Confinement(0, 0, Optional.empty(), Set.of(), List.of(), new byte[0], false, List.of(), false);

    /** What most launches take: the filter alone has some five thousand bytes. */
    private static final int USUAL_BYTES = 1 << 14;

    private ByteBuffer body = ByteBuffer.allocate(USUAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private LaunchWriter() {}

    static byte[] write(Launch launch) {
        LaunchWriter writer = new LaunchWriter();
        writer.putLaunch(launch);
        ByteBuffer body = writer.body.flip();
        return ByteBuffer.allocate(MAGIC.length + Integer.BYTES + body.limit())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(body.limit())
                .put(body)
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
        putString(launch.input().map(Path::toString).orElse(""));
        putString(launch.terminal().map(Path::toString).orElse(""));
        putStrings(launch.cleanup());
    }

    private static int flags(Launch launch) {
        int flags = (launch.attach().isEmpty() ? PIVOT : 0) | (launch.plainRoot() ? PLAIN_ROOT : 0);
        if (launch.confinement().isEmpty()) {
            return flags;
        }
        Launch.Confinement confinement = launch.confinement().get();
        return flags
                | CONFINE
                | (confinement.noNewPrivileges() ? NO_NEW_PRIVILEGES : 0)
                | (confinement.groups().isPresent() ? SET_GROUPS : 0)
                | (confinement.recordsOwners() ? RECORD_OWNERS : 0);
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
        putStrings(confinement.labels());
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
        putBytes(cgroup.devices());
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

    private void putOperation(Operation operation) {
        OperationFields fields = OperationFields.of(operation);
        putInt(fields.kind());
        putInt(fields.flags());
        putString(operation.target());
        putString(fields.source());
        putLong(fields.attributes());
        putStrings(fields.options());
        putBytes(fields.content());
        putInt(fields.mode());
        putInt(fields.major());
        putInt(fields.minor());
        putInt((int) fields.uid());
        putInt((int) fields.gid());
    }

    private void putStrings(Collection<String> strings) {
        putInt(strings.size());
        strings.forEach(this::putString);
    }

    private void putString(String string) {
        putBytes(string.getBytes(StandardCharsets.UTF_8));
    }

    private void putBytes(byte[] bytes) {
        reserve(Integer.BYTES + bytes.length + 1);
        body.putInt(bytes.length).put(bytes).put((byte) 0);
    }

    private void putInt(int value) {
        reserve(Integer.BYTES);
        body.putInt(value);
    }

    private void putLong(long value) {
        reserve(Long.BYTES);
        body.putLong(value);
    }

    private void reserve(int bytes) {
        if (body.remaining() < bytes) {
            int capacity = Math.max(body.position() + bytes, 2 * body.capacity());
            body = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(body.flip());
        }
    }
}
