package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.RunMount;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.layer.store.CacheDirectories;
import dev.jbuild.layer.store.CacheDirectories.Sharing;
import dev.jbuild.layer.store.CacheDirectory;
import dev.jbuild.oci.Digest;
import dev.jbuild.runtime.StepMount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The caches of one step. They are taken in the order of their names, each once, so that no two steps wait for each other; of
 * several mounts of one cache the strictest sharing counts.
 */
final class StepCaches {
    private final BuildSite site;
    private final MountSources sources;
    private final Map<String, List<RunMount.Cache>> byName = new TreeMap<>();

    StepCaches(BuildSite site, MountSources sources) {
        this.site = site;
        this.sources = sources;
    }

    /** @param seed the digest of what a new one begins with */
    void add(RunMount.Cache cache, Optional<Digest> seed) {
        byName.computeIfAbsent(name(cache, seed).toString(), _ -> new ArrayList<>())
                .add(cache);
    }

    /** A cache with another seed or owner is another cache, as with BuildKit. */
    private static Digest name(RunMount.Cache cache, Optional<Digest> seed) {
        RunMount.Permissions permissions = cache.permissions();
        String made = Integer.toOctalString(permissions.mode()) + " " + permissions.uid() + ":" + permissions.gid();
        return CacheKey.of("cache-mount")
                .leaf("id", cache.id())
                .leaf("begins", seed.map(Digest::toString).orElse(made))
                .build()
                .digest();
    }

    void take(MountedStep mounted) throws IOException, BuildException, InterruptedException {
        for (Map.Entry<String, List<RunMount.Cache>> entry : byName.entrySet()) {
            List<RunMount.Cache> mounts = entry.getValue();
            CacheDirectory directory = take(Digest.parse(entry.getKey()), mounts);
            mounted.hold(directory::close);
            for (RunMount.Cache mount : mounts) {
                mounted.add(new StepMount.Host(mount.target(), directory.path(), true, mount.readOnly()));
            }
        }
    }

    private CacheDirectory take(Digest name, List<RunMount.Cache> mounts)
            throws IOException, BuildException, InterruptedException {
        Sharing strictest = mounts.stream()
                .map(mount -> sharing(mount.sharing()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return site.workshop().store().caches().take(name, strictest, filling(mounts.getFirst()));
    }

    private CacheDirectories.Filling filling(RunMount.Cache cache)
            throws IOException, BuildException, InterruptedException {
        LayerWorkshop workshop = site.workshop();
        if (cache.seed().isPresent()) {
            MountSources.Seed seed = sources.seed(cache.seed(), cache.source());
            return directory -> seed.fill(workshop, directory);
        }
        RunMount.Permissions made = cache.permissions();
        return directory -> MountSources.dress(workshop.linux(), directory, made.mode(), made.uid(), made.gid());
    }

    private static Sharing sharing(MountOptions.Sharing sharing) {
        return switch (sharing) {
            case SHARED -> Sharing.SHARED;
            case PRIVATE -> Sharing.PRIVATE;
            case LOCKED -> Sharing.LOCKED;
        };
    }
}
