package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.launch.Attribute;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Operation;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says in the OCI runtime-spec's words (config.json) what the launcher is told in its own: the same box. */
final class OciConfig {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SPEC_VERSION = "1.0.2";

    private final StepSpec spec;
    private final Path bundle;
    private final ObjectNode root = JSON.objectNode();
    private final ObjectNode linux = JSON.objectNode();
    private final ArrayNode mounts = JSON.arrayNode();
    private final ArrayNode masked = JSON.arrayNode();
    private final ArrayNode readOnly = JSON.arrayNode();

    private OciConfig(StepSpec spec, Path bundle) {
        this.spec = spec;
        this.bundle = bundle;
    }

    /**
     * @param mounts where the step's own are in the bundle
     * @param bundle the directory that has the private files, by {@link #fileName}, and the mount point {@code rootfs}
     * @param cgroup the path of the step's cgroup in each hierarchy
     */
    static ObjectNode of(
            StepSpec spec, List<Operation> operations, OciMounts mounts, Host host, Path bundle, String cgroup) {
        OciConfig config = new OciConfig(spec, bundle);
        config.putProcess(host);
        operations.forEach(config::putOperation);
        config.putMounts(mounts.outer());
        config.putLinux(host, cgroup);
        return config.root;
    }

    /** What a private file is called in the bundle: /etc/hosts becomes etc-hosts. */
    static String fileName(Operation.PrivateFile file) {
        return file.target().substring(1).replace('/', '-');
    }

    private void putProcess(Host host) {
        root.put("ociVersion", SPEC_VERSION);
        root.put("hostname", spec.hostname());
        root.putObject("root").put("path", "rootfs");
        ObjectNode process = root.putObject("process");
        process.put("cwd", spec.cwd());
        process.put("noNewPrivileges", spec.security().noNewPrivileges());
        spec.security().apparmor().ifPresent(profile -> process.put("apparmorProfile", profile));
        spec.security().selinux().ifPresent(context -> process.put("selinuxLabel", context));
        process.set("args", strings(spec.argv()));
        process.set(
                "env",
                strings(spec.env().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList()));
        process.set("user", user());
        process.set("capabilities", capabilities());
        process.put("oomScoreAdj", LaunchPlanner.OOM_SCORE);
        ArrayNode limits = process.putArray("rlimits");
        LaunchPlanner.limits(host.machine(), List.of(), spec.limits().ulimits())
                .forEach(limit -> limits.add(limit(limit)));
        root.set("mounts", mounts);
    }

    private ObjectNode user() {
        ObjectNode user = JSON.objectNode();
        user.put("uid", spec.user().uid());
        user.put("gid", spec.user().gid());
        user.put("umask", 0022);
        ArrayNode groups = user.putArray("additionalGids");
        spec.user().groups().forEach(groups::add);
        return user;
    }

    // A runtime gives an ordinary user all that is named here: such a user gets the bounding set only, as by setuid(2).
    private ObjectNode capabilities() {
        List<String> all = spec.security().capabilities().stream()
                .map(capability -> "CAP_" + capability)
                .toList();
        List<String> held = spec.user().uid() == 0 ? all : List.of();
        ObjectNode capabilities = JSON.objectNode();
        capabilities.set("bounding", strings(all));
        capabilities.set("effective", strings(held));
        capabilities.set("permitted", strings(held));
        return capabilities;
    }

    private static ObjectNode limit(Limit limit) {
        return JSON.objectNode()
                .put("type", "RLIMIT_" + limit.resource().word().toUpperCase(Locale.ROOT))
                .put("soft", unsigned(limit.soft()))
                .put("hard", unsigned(limit.hard()));
    }

    // RLIM_INFINITY is all ones, and the spec's numbers are unsigned.
    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    // Devices and links in /dev, and mount points there, every OCI runtime makes by itself (runtime-spec, "Default
    // Devices", "Dev symbolic links").
    private void putOperation(Operation operation) {
        switch (operation) {
            case Operation.Filesystem(var target, var _, var type, var options, var attributes) ->
                putMount(target, type, type, options, attributes);
            case Operation.Bind(var target, var _, var source, var recursive, var attributes) ->
                putMount(target, "bind", source.toString(), List.of(recursive ? "rbind" : "bind"), attributes);
            case Operation.PrivateFile file -> {
                String source = bundle.resolve(fileName(file)).toString();
                putMount(file.target(), "bind", source, List.of("bind"), file.attributes());
            }
            case Operation.Stack _ -> throw new IllegalArgumentException("layers are mounted for the runtime");
            case Operation.Mask(var target) -> masked.add(target);
            case Operation.ReadOnly(var target) -> readOnly.add(target);
            case Operation.Device _, Operation.Symlink _, Operation.Directory _, Operation.Stub _ -> {}
        }
    }

    // The launcher has mounted them in the bundle, with all their restrictions: runc's bind takes these along, crun's
    // takes away what it is not told.
    private void putMounts(List<OciMounts.Outer> outer) {
        for (OciMounts.Outer each : outer) {
            Set<Attribute> restrictions = MountOperations.restrictions(each.mount());
            putMount(each.mount().target(), "bind", each.place().toString(), List.of("rbind"), restrictions);
        }
    }

    private void putMount(String target, String type, String source, List<String> options, Set<Attribute> attributes) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", target).put("type", type).put("source", source);
        ArrayNode all = strings(options);
        attributes.stream().map(OciConfig::optionName).sorted().forEach(all::add);
        mount.set("options", all);
    }

    private static String optionName(Attribute attribute) {
        return switch (attribute) {
            case READ_ONLY -> "ro";
            case NO_SETUID -> "nosuid";
            case NO_DEVICES -> "nodev";
            case NO_EXECUTION -> "noexec";
            case STRICT_ACCESS_TIMES -> "strictatime";
        };
    }

    // The network's namespace, which pasta may have connected, is made by the launcher and inherited.
    private void putLinux(Host host, String cgroup) {
        ArrayNode namespaces = linux.putArray("namespaces");
        for (String kind : List.of("pid", "ipc", "uts", "mount", "cgroup")) {
            namespaces.addObject().put("type", kind);
        }
        linux.put("cgroupsPath", cgroup);
        linux.set("resources", OciResources.of(spec.limits(), spec.security().masked()));
        host.profile(spec.security())
                .ifPresent(profile -> linux.set("seccomp", OciSeccomp.of(profile, host.architecture())));
        linux.set("maskedPaths", masked);
        linux.set("readonlyPaths", readOnly);
        root.set("linux", linux);
    }

    private static ArrayNode strings(Collection<String> values) {
        ArrayNode array = JSON.arrayNode();
        values.forEach(array::add);
        return array;
    }
}
