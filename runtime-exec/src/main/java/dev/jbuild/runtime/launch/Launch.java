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
 * @param attach where the overlay is mounted; when empty it becomes the root of the process
 * @param confinement what the command is held to; when empty it keeps all that the launcher has
 * @param network a program that connects the command's network namespace, which it gets as its standard input; the
 *     first byte of its standard output says that it is up; none when empty
 * @param cleanup a program to run when the command is over; none when empty
 */
public record Launch(
        List<Path> lower,
        Path upper,
        Path work,
        Optional<Path> attach,
        Set<Namespace> namespaces,
        String hostname,
        List<Operation> operations,
        List<String> argv,
        Map<String, String> env,
        String cwd,
        Optional<Confinement> confinement,
        List<Cgroup> cgroups,
        List<String> network,
        List<String> cleanup) {
    /**
     * Whom the command is and what it may do.
     *
     * @param groups the supplementary groups; empty where the user namespace does not let them be set
     * @param seccomp an array of struct sock_filter; empty for no filter
     */
    public record Confinement(
            long uid,
            long gid,
            Optional<List<Long>> groups,
            Set<Capability> capabilities,
            List<Limit> limits,
            byte[] seccomp,
            boolean noNewPrivileges) {}

    /** A resource limit (setrlimit(2)); the host's own hard limit is never raised. */
    public record Limit(Resource resource, long soft, long hard) {}

    /** Resources by their number, which x86-64 and aarch64 share. */
    public enum Resource {
        CORE(4),
        OPEN_FILES(7);

        private final int number;

        Resource(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /**
     * A control group to make for the command.
     *
     * @param version of the hierarchy, 1 or 2
     * @param parent an existing directory of the hierarchy
     * @param settings file=value
     */
    public record Cgroup(int version, Path parent, List<String> settings) {}
}
