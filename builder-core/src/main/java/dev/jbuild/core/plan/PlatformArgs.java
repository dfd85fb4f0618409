package dev.jbuild.core.plan;

import dev.jbuild.oci.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The arguments that every Dockerfile has without defining them, as BuildKit names them. */
final class PlatformArgs {
    private PlatformArgs() {}

    static Map<String, String> of(PlanOptions options, Optional<String> targetStage) {
        Map<String, String> args = new LinkedHashMap<>();
        put(args, "BUILD", options.buildPlatform());
        put(args, "TARGET", options.targetPlatform());
        args.put("TARGETSTAGE", targetStage.orElse("default"));
        args.replaceAll((name, value) -> options.buildArgs().getOrDefault(name, value));
        return args;
    }

    private static void put(Map<String, String> args, String prefix, Platform platform) {
        args.put(prefix + "PLATFORM", platform.toString());
        args.put(prefix + "OS", platform.os());
        args.put(prefix + "OSVERSION", "");
        args.put(prefix + "ARCH", platform.architecture());
        args.put(prefix + "VARIANT", platform.variant());
    }
}
