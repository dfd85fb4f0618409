package dev.jbuild.core.build;

import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.RunMount;
import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a RUN's result depends on because of a mount. A secret's value and an agent's keys are no part of it. */
final class MountKeys {
    private MountKeys() {}

    /** @param content the digest of the files that the mount shows or begins with, if it has any */
    static CacheKey of(RunMount mount, Optional<Digest> content) {
        CacheKey.Draft key = draft(mount);
        content.ifPresent(digest -> key.leaf("content", digest.toString()));
        return key.build();
    }

    private static CacheKey.Draft draft(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind(var target, var _, var _, var writable) ->
                CacheKey.of("bind").leaf("target", target).leaf("writable", Boolean.toString(writable));
            case RunMount.Cache cache -> cache(cache);
            case RunMount.Memory(var target, var size, var readOnly) ->
                CacheKey.of("memory")
                        .leaf("target", target)
                        .leaf("size", size.isPresent() ? Long.toString(size.getAsLong()) : "")
                        .leaf("read-only", Boolean.toString(readOnly));
            case RunMount.Secret(var id, var target, var env, var required, var permissions) ->
                CacheKey.of("secret")
                        .leaf("id", id)
                        .leaf("target", target.orElse(""))
                        .leaf("env", env.orElse(""))
                        .leaf("required", Boolean.toString(required))
                        .leaf("permissions", text(permissions));
            case RunMount.Ssh(var id, var target, var required, var permissions) ->
                CacheKey.of("ssh")
                        .leaf("id", id)
                        .leaf("target", target)
                        .leaf("required", Boolean.toString(required))
                        .leaf("permissions", text(permissions));
            case RunMount.Script(var target, var text) ->
                CacheKey.of("script")
                        .leaf("target", target)
                        .leaf(
                                "text",
                                Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString());
        };
    }

    private static CacheKey.Draft cache(RunMount.Cache cache) {
        return CacheKey.of("cache")
                .leaf("target", cache.target())
                .leaf("id", cache.id())
                .leaf("sharing", cache.sharing().name().toLowerCase(Locale.ROOT))
                .leaf("read-only", Boolean.toString(cache.readOnly()))
                .leaf("permissions", text(cache.permissions()));
    }

    private static String text(RunMount.Permissions permissions) {
        return Integer.toOctalString(permissions.mode()) + " " + permissions.uid() + ":" + permissions.gid();
    }
}
