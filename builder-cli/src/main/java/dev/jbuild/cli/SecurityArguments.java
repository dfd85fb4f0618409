package dev.jbuild.cli;

import dev.jbuild.core.api.FileFailure;
import dev.jbuild.runtime.StepSecurity;
import dev.jbuild.runtime.StepSecurity.Filter;
import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.ProfileDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;

/** Reads what a step may ask of the kernel from {@code --cap-add}, {@code --cap-drop} and {@code --security-opt}. */
final class SecurityArguments {
    private static final String ALL = "ALL";

    private final Arguments arguments;
    private final Path directory;
    private final TreeMap<String, String> label = new TreeMap<>();

    /** @param directory what the profile's path is relative to */
    SecurityArguments(Arguments arguments, Path directory) {
        this.arguments = arguments;
        this.directory = directory;
    }

    StepSecurity security() throws UsageException {
        StepSecurity security = StepSecurity.STANDARD.withCapabilities(capabilities());
        for (String option : arguments.all("--security-opt")) {
            security = with(security, option);
        }
        return label.isEmpty() ? security : security.withSelinux(context());
    }

    /** As Docker has it: ALL is taken or added first, single names after it. */
    private Set<Capability> capabilities() throws UsageException {
        Set<Capability> capabilities = EnumSet.copyOf(Capability.STANDARD);
        if (arguments.all("--cap-add").stream().anyMatch(ALL::equalsIgnoreCase)) {
            capabilities.addAll(EnumSet.allOf(Capability.class));
        }
        if (arguments.all("--cap-drop").stream().anyMatch(ALL::equalsIgnoreCase)) {
            capabilities.clear();
        }
        capabilities.removeAll(named("--cap-drop"));
        capabilities.addAll(named("--cap-add"));
        return capabilities;
    }

    private Set<Capability> named(String flag) throws UsageException {
        Set<Capability> named = EnumSet.noneOf(Capability.class);
        for (String name : arguments.all(flag)) {
            if (!name.equalsIgnoreCase(ALL)) {
                named.add(capability(flag, name));
            }
        }
        return named;
    }

    private static Capability capability(String flag, String name) throws UsageException {
        try {
            return Capability.parse(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(flag + ": " + e.getMessage(), e);
        }
    }

    private StepSecurity with(StepSecurity security, String option) throws UsageException {
        int end = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
        String name = end < 0 ? option : option.substring(0, end);
        String value = end < 0 ? "" : option.substring(end + 1);
        return switch (name) {
            case "seccomp" -> security.withFilter(filter(value));
            case "no-new-privileges" ->
                security.withNoNewPrivileges(Values.bool("--security-opt no-new-privileges", value));
            case "apparmor" -> value.equals("unconfined") ? security : security.withApparmor(value);
            case "label" -> {
                addLabel(value);
                yield security;
            }
            default ->
                throw new UsageException("--security-opt " + option
                        + " is not one of seccomp=..., no-new-privileges, apparmor=..., label=...");
        };
    }

    private Filter filter(String value) throws UsageException {
        return switch (value) {
            case "unconfined" -> new Filter.None();
            case "builtin", "default" -> new Filter.Standard();
            default -> new Filter.Custom(profile(value));
        };
    }

    private ProfileDocument profile(String file) throws UsageException {
        try (InputStream in = Files.newInputStream(directory.resolve(file))) {
            return ProfileDocument.parse(in.readNBytes(ProfileDocument.MAX_BYTES + 1));
        } catch (IOException e) {
            throw new UsageException("--security-opt seccomp=" + file + " cannot be read: " + FileFailure.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--security-opt seccomp=" + file + ": " + e.getMessage(), e);
        }
    }

    /** {@code disable} asks for what happens anyway: no label is set. */
    private void addLabel(String value) throws UsageException {
        if (value.equals("disable")) {
            label.clear();
            return;
        }
        int colon = value.indexOf(':');
        String part = colon < 0 ? "" : value.substring(0, colon);
        if (!Set.of("user", "role", "type", "level").contains(part)) {
            throw new UsageException(
                    "--security-opt label=" + value + " is not disable, or user:, role:, type: or level: and a value");
        }
        label.put(part, value.substring(colon + 1));
    }

    private String context() {
        return label.getOrDefault("user", "system_u") + ":" + label.getOrDefault("role", "system_r") + ":"
                + label.getOrDefault("type", "container_t") + ":" + label.getOrDefault("level", "s0");
    }
}
