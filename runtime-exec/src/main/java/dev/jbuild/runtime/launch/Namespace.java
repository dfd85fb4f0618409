package dev.jbuild.runtime.launch;

import java.util.Set;

/** What of the system a process can have for itself (namespaces(7)). */
public enum Namespace {
    MOUNT(0x0002_0000),
    CGROUP(0x0200_0000),
    UTS(0x0400_0000),
    IPC(0x0800_0000),
    PID(0x2000_0000),
    NETWORK(0x4000_0000);

    private final int flag;

    Namespace(int flag) {
        this.flag = flag;
    }

    static int mask(Set<Namespace> namespaces) {
        return namespaces.stream().mapToInt(namespace -> namespace.flag).reduce(0, (a, b) -> a | b);
    }
}
