package dev.jbuild.core.build;

import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.RunOptions;
import dev.jbuild.core.fetch.Fetchers;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ImageName;
import dev.jbuild.runtime.StepRuntime;
import java.util.function.Function;

/**
 * What the steps of one build work with.
 *
 * @param directories the named contexts that are directories
 * @param contextTrees the parts of the context that steps mount
 * @param early brings layers to the registry while later steps run
 * @param grants what steps may use of the caller's own
 * @param agents the SSH agents that steps may ask
 * @param stages the filesystems that copies take files from
 * @param spool where copies set aside what they cannot read again
 * @param now RFC 3339, of this build: every step that runs in it gets the same
 * @param createdSeconds the time of directories that no source stands for, in seconds since 1970
 * @param repositories where an image's blobs come from
 */
record BuildSite(
        LayerWorkshop workshop,
        StepRecords records,
        Tasks tasks,
        Vertices vertices,
        FileTree context,
        IgnoreRules ignore,
        FileHasher contextHasher,
        LocalDirectories directories,
        ContextTrees contextTrees,
        StepAgents agents,
        OpenTrees stages,
        Spool spool,
        EarlyPush early,
        Fetchers fetchers,
        StepRuntime runtime,
        RunOptions run,
        Grants grants,
        String now,
        long createdSeconds,
        Function<ImageName, BlobSource> repositories) {}
