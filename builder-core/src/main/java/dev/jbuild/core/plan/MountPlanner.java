package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the mounts of one RUN, whose inputs after its filesystem are what its {@code from}s name, in order. */
final class MountPlanner {
    /** A build argument of BuildKit's that keeps the caches of unrelated builds apart. */
    static final String CACHE_NAMESPACE = "BUILDKIT_CACHE_MOUNT_NS";

    private static final String SOCKETS = "/run/buildkit/ssh_agent.";
    private static final int CACHE_MODE = 0755;
    private static final int SECRET_MODE = 0400;
    private static final int SOCKET_MODE = 0600;

    private final Scope scope;
    private final String workdir;
    private final String cacheNamespace;
    private int inputs = 1;
    private int agents;

    MountPlanner(Scope scope, String workdir, String cacheNamespace) {
        this.scope = scope;
        this.workdir = workdir;
        this.cacheNamespace = cacheNamespace;
    }

    List<RunMount> plan(List<Word> mounts) throws ExpansionException {
        List<RunMount> planned = new ArrayList<>();
        for (Word mount : mounts) {
            OptionalInt input =
                    MountOptions.literalFrom(mount).isPresent() ? OptionalInt.of(inputs++) : OptionalInt.empty();
            planned.add(plan(scope.mount(mount), input));
        }
        return planned;
    }

    private RunMount plan(MountOptions options, OptionalInt input) throws ExpansionException {
        return switch (options.type()) {
            case BIND -> new RunMount.Bind(target(options), input, source(options), !options.readOnly());
            case CACHE -> cache(options, input);
            case TMPFS -> new RunMount.Memory(target(options), options.size(), options.readOnly());
            case SECRET -> secret(options);
            case SSH -> ssh(options);
        };
    }

    private RunMount cache(MountOptions options, OptionalInt seed) throws ExpansionException {
        String source = source(options);
        if (seed.isEmpty() && !source.equals("/")) {
            throw new ExpansionException(
                    "the source " + source + " of a cache mount needs a from: a new cache is empty");
        }
        String target = target(options);
        String id = options.id().orElseGet(() -> cleaned(options.target().orElse("")));
        return new RunMount.Cache(
                target,
                cacheNamespace + "/" + id,
                options.sharing(),
                seed,
                source,
                options.readOnly(),
                RunMount.Permissions.of(options, CACHE_MODE));
    }

    /** Caches without an id are shared by all that spell their target alike, whatever the WORKDIR. */
    private static String cleaned(String target) {
        return target.startsWith("/")
                ? ImagePaths.source(target)
                : ImagePaths.source(target).substring(1);
    }

    private RunMount secret(MountOptions options) throws ExpansionException {
        Optional<String> named = options.source().or(options::id);
        String id = named.orElseGet(() -> lastName(options.target().orElseThrow()));
        Optional<String> target = Optional.empty();
        if (options.target().isPresent()) {
            target = Optional.of(target(options));
        } else if (options.env().isEmpty()) {
            target = Optional.of("/run/secrets/" + lastName(id));
        }
        return new RunMount.Secret(
                id, target, options.env(), options.required(), RunMount.Permissions.of(options, SECRET_MODE));
    }

    private RunMount ssh(MountOptions options) throws ExpansionException {
        if (options.source().isPresent()) {
            throw new ExpansionException("an ssh mount has no source");
        }
        String standard = SOCKETS + agents++;
        return new RunMount.Ssh(
                options.id().orElse("default"),
                options.target().isPresent() ? target(options) : standard,
                options.required(),
                RunMount.Permissions.of(options, SOCKET_MODE));
    }

    /** Relative to the WORKDIR, which is meant when there is none. */
    private String target(MountOptions options) throws ExpansionException {
        String written = options.target().orElse("");
        String target = ImagePaths.source(written.startsWith("/") ? written : workdir + "/" + written);
        if (target.equals("/")) {
            throw new ExpansionException("invalid mount target \"/\": a mount cannot hide the whole filesystem");
        }
        for (String own : List.of("/proc", "/sys")) {
            if (target.equals(own) || target.startsWith(own + "/")) {
                throw new ExpansionException("invalid mount target \"" + target + "\": every step has its own " + own);
            }
        }
        return target;
    }

    private static String source(MountOptions options) {
        return ImagePaths.source(options.source().orElse(""));
    }

    private static String lastName(String path) {
        String clean = ImagePaths.source(path);
        return clean.substring(clean.lastIndexOf('/') + 1);
    }
}
