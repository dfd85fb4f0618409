package dev.jbuild.oci;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a container of the image starts: the {@code config} object of an image config (OCI image-spec "Image
 * Configuration" and Docker's extensions of it).
 *
 * @param env {@code NAME=value} entries in the order of their first definition
 * @param argsEscaped set by CMD and ENTRYPOINT in shell form; only Windows reads it
 */
public record ContainerConfig(
        String user,
        NavigableSet<String> exposedPorts,
        List<String> env,
        List<String> entrypoint,
        List<String> cmd,
        NavigableSet<String> volumes,
        String workingDir,
        Map<String, String> labels,
        String stopSignal,
        boolean argsEscaped,
        Optional<Healthcheck> healthcheck,
        List<String> onBuild,
        List<String> shell) {

    /** Nothing set. */
    public static final ContainerConfig EMPTY = new ContainerConfig(
            "",
            Collections.emptyNavigableSet(),
            List.of(),
            List.of(),
            List.of(),
            Collections.emptyNavigableSet(),
            "",
            Map.of(),
            "",
            false,
            Optional.empty(),
            List.of(),
            List.of());

    public ContainerConfig {
        exposedPorts = Collections.unmodifiableNavigableSet(new TreeSet<>(exposedPorts));
        env = List.copyOf(env);
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        volumes = Collections.unmodifiableNavigableSet(new TreeSet<>(volumes));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        onBuild = List.copyOf(onBuild);
        shell = List.copyOf(shell);
    }

    /** The environment as a map, in order; of two entries with one name the later wins. */
    public Map<String, String> environment() {
        Map<String, String> map = new LinkedHashMap<>();
        for (String entry : env) {
            int equals = entry.indexOf('=');
            map.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return map;
    }

    /** Sets one variable: in place when it exists, else at the end. */
    public ContainerConfig withEnv(String name, String value) {
        Map<String, String> map = environment();
        map.put(name, value);
        return withEnvironment(map);
    }

    /** The config with these variables in the place of all that it has, in their order. */
    public ContainerConfig withEnvironment(Map<String, String> map) {
        List<String> entries = new ArrayList<>();
        map.forEach((key, text) -> entries.add(key + "=" + text));
        return copy().env(entries).build();
    }

    public ContainerConfig withLabel(String key, String value) {
        Map<String, String> map = new LinkedHashMap<>(labels);
        map.put(key, value);
        return copy().labels(map).build();
    }

    /** A copy to change several fields of. */
    public Changes copy() {
        return new Changes(this);
    }

    /** The changed fields of a copy; {@link #build()} makes the value. */
    public static final class Changes {
        private String user;
        private NavigableSet<String> exposedPorts;
        private List<String> env;
        private List<String> entrypoint;
        private List<String> cmd;
        private NavigableSet<String> volumes;
        private String workingDir;
        private Map<String, String> labels;
        private String stopSignal;
        private boolean argsEscaped;
        private Optional<Healthcheck> healthcheck;
        private List<String> onBuild;
        private List<String> shell;

        private Changes(ContainerConfig from) {
            user = from.user;
            exposedPorts = from.exposedPorts;
            env = from.env;
            entrypoint = from.entrypoint;
            cmd = from.cmd;
            volumes = from.volumes;
            workingDir = from.workingDir;
            labels = from.labels;
            stopSignal = from.stopSignal;
            argsEscaped = from.argsEscaped;
            healthcheck = from.healthcheck;
            onBuild = from.onBuild;
            shell = from.shell;
        }

        public Changes user(String value) {
            user = value;
            return this;
        }

        public Changes exposedPorts(NavigableSet<String> value) {
            exposedPorts = value;
            return this;
        }

        public Changes env(List<String> value) {
            env = value;
            return this;
        }

        public Changes entrypoint(List<String> value) {
            entrypoint = value;
            return this;
        }

        public Changes cmd(List<String> value) {
            cmd = value;
            return this;
        }

        public Changes volumes(NavigableSet<String> value) {
            volumes = value;
            return this;
        }

        public Changes workingDir(String value) {
            workingDir = value;
            return this;
        }

        public Changes labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        public Changes stopSignal(String value) {
            stopSignal = value;
            return this;
        }

        public Changes argsEscaped(boolean value) {
            argsEscaped = value;
            return this;
        }

        public Changes healthcheck(Optional<Healthcheck> value) {
            healthcheck = value;
            return this;
        }

        public Changes onBuild(List<String> value) {
            onBuild = value;
            return this;
        }

        public Changes shell(List<String> value) {
            shell = value;
            return this;
        }

        public ContainerConfig build() {
            return new ContainerConfig(
                    user,
                    exposedPorts,
                    env,
                    entrypoint,
                    cmd,
                    volumes,
                    workingDir,
                    labels,
                    stopSignal,
                    argsEscaped,
                    healthcheck,
                    onBuild,
                    shell);
        }
    }
}
