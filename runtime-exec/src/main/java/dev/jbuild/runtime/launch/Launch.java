package dev.jbuild.runtime.launch;

import dev.jbuild.runtime.confine.Capability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the launcher needs to know to run one command.
 *
 * @param lower read-only trees, topmost first
 * @param plainRoot whether upper is the whole root itself, without an overlay
 * @param attach where the overlay is mounted; when empty it becomes the root of the process
 * @param confinement what the command is held to; when empty it keeps all that the launcher has
 * @param oomScore how much sooner than others the command's processes are killed when memory runs out (oom_score_adj)
 * @param network a program that connects the command's network namespace, which it gets as its standard input; the
 *     first byte of its standard output says that it is up; none when empty
 * @param input a path that opens what the command reads; nothing when empty
 * @param terminal a path that opens the user's terminal, for which the command gets one of its own
 * @param cleanup a program to run when the command is over; none when empty
 */
public record Launch(
        List<Path> lower,
        Path upper,
        Path work,
        boolean plainRoot,
        Optional<Path> attach,
        Set<Namespace> namespaces,
        String hostname,
        List<Operation> operations,
        List<String> argv,
        Map<String, String> env,
        String cwd,
        Optional<Confinement> confinement,
        List<Cgroup> cgroups,
        Disk disk,
        int oomScore,
        List<String> network,
        Optional<Path> input,
        Optional<Path> terminal,
        List<String> cleanup) {
    /**
     * Whom the command is and what it may do.
     *
     * @param groups the supplementary groups; empty where the user namespace does not let them be set
     * @param seccomp an array of struct sock_filter; empty for no filter
     * @param labels file=value below /proc/self/attr, for security modules
     * @param recordsOwners whether who owns what and who is who is recorded, since the kernel has one id only
     */
    public record Confinement(
            long uid,
            long gid,
            Optional<List<Long>> groups,
            Set<Capability> capabilities,
            List<Limit> limits,
            byte[] seccomp,
            boolean noNewPrivileges,
            List<String> labels,
            boolean recordsOwners) {}

    /** A resource limit (setrlimit(2)); {@link #UNLIMITED} is none. */
    public record Limit(Resource resource, long soft, long hard) {
        /** RLIM_INFINITY. */
        public static final long UNLIMITED = -1;
    }

    /** Resources by their number, which x86-64 and aarch64 share, and by the name that {@code --ulimit} has for them. */
    public enum Resource {
        CPU("cpu"),
        FILE_SIZE("fsize"),
        DATA("data"),
        STACK("stack"),
        CORE("core"),
        RESIDENT("rss"),
        PROCESSES("nproc"),
        OPEN_FILES("nofile"),
        LOCKED_MEMORY("memlock"),
        ADDRESS_SPACE("as"),
        LOCKS("locks"),
        PENDING_SIGNALS("sigpending"),
        MESSAGE_QUEUES("msgqueue"),
        NICE("nice"),
        REALTIME_PRIORITY("rtprio"),
        REALTIME_TIMEOUT("rttime");

        private final String word;

        Resource(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /** The resource of that name. */
        public static Optional<Resource> named(String word) {
            for (Resource resource : values()) {
                if (resource.word.equals(word)) {
                    return Optional.of(resource);
                }
            }
            return Optional.empty();
        }

        // The constants stand in the kernel's order, which never changes.
        @SuppressWarnings("EnumOrdinal")
        int number() {
            return ordinal();
        }
    }

    /**
     * A control group to make for the command.
     *
     * @param version of the hierarchy, 1 or 2
     * @param parent an existing directory of the hierarchy
     * @param settings file=value, in the order in which they are written
     * @param readings files whose content is reported when the command is over
     * @param devices a program for a version 2 cgroup that decides about devices (struct bpf_insn); empty for none
     */
    public record Cgroup(
            int version,
            Path parent,
            List<String> settings,
            List<String> readings,
            List<Tripwire> tripwires,
            byte[] devices) {
        public Cgroup {
            settings = List.copyOf(settings);
            readings = List.copyOf(readings);
            tripwires = List.copyOf(tripwires);
        }
    }

    /**
     * A counter that rises when the command meets a limit. One that goes on rising ends the command.
     *
     * @param field the counter's name in the cgroup's file
     * @param patienceMillis how long it may rise
     * @param sentence what the user is told: names the limit
     */
    public record Tripwire(String file, String field, int patienceMillis, String sentence) {}

    /**
     * How much the command may write below the upper directory before it is ended.
     *
     * @param limit in bytes; 0 for none
     * @param reserve bytes that must stay free on the filesystem; 0 for none
     * @param overLimit what the user is told when the limit is met
     * @param overReserve what the user is told when the reserve is met
     */
    public record Disk(long limit, long reserve, String overLimit, String overReserve) {
        /** No limit. */
        public static final Disk UNLIMITED = new Disk(0, 0, "", "");
    }
}
