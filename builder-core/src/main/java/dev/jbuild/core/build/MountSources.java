package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Digest;
import dev.jbuild.runtime.StepMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds the files that the mounts of one RUN take from the context and from other filesystems of the build. */
final class MountSources {
    private static final int EVERYTHING = 07777;

    private final BuildSite site;
    private final List<CopySource.Awaited> inputs;
    private final boolean fresh;

    /**
     * @param inputs the filesystems that the step's mounts name, in order
     * @param fresh whether what an input had the last time may not be taken for what it has now
     */
    MountSources(BuildSite site, List<CopySource.Awaited> inputs, boolean fresh) {
        this.site = site;
        this.inputs = List.copyOf(inputs);
        this.fresh = fresh;
    }

    /**
     * The digest of what lies there: all that a step can see of it but times. Of an input that did not change no file is
     * looked at.
     */
    Digest content(OptionalInt input, String source) throws IOException, BuildException, InterruptedException {
        if (input.isEmpty()) {
            return new ContentDigest(site.context(), site.contextHasher(), false)
                    .of(List.of(inContext(source).unnamed()));
        }
        Snapshot snapshot = snapshot(input);
        CacheKey place = StepKeys.mountFrom(source, snapshot.key());
        Optional<Digest> known = fresh ? Optional.empty() : site.records().findContent(place);
        if (known.isPresent()) {
            return known.get();
        }
        FileTree tree = site.stages().of(snapshot);
        FileHasher hasher = new FileHasher(tree, Optional.empty());
        Digest content = new ContentDigest(tree, hasher, true)
                .of(List.of(find(tree, source).unnamed()));
        site.records().putContent(place, content);
        return content;
    }

    /** The mount that shows what lies there. */
    StepMount.Layers mount(String target, OptionalInt input, String source, boolean writable)
            throws IOException, BuildException, InterruptedException {
        if (input.isEmpty()) {
            SourceMatch match = inContext(source);
            Path tree = site.contextTrees().of(source, match);
            String place = match.directory() ? "/" : "/" + match.name().text();
            return new StepMount.Layers(target, List.of(tree), place, match.directory(), writable);
        }
        Snapshot snapshot = snapshot(input);
        boolean directory = find(site.stages().of(snapshot), source).directory();
        return new StepMount.Layers(target, LayerWorkshop.trees(snapshot.layers()), source, directory, writable);
    }

    /** What a new cache begins with: a directory of an input, with its own mode and owner. */
    record Seed(LayerSource files, FileStatus directory) {
        void fill(LayerWorkshop workshop, Path cache) throws IOException {
            workshop.fillTree(files, cache, List.of());
            dress(workshop.linux(), cache, directory.mode(), directory.uid(), directory.gid());
        }
    }

    Seed seed(OptionalInt input, String source) throws IOException, BuildException, InterruptedException {
        FileTree tree = site.stages().of(snapshot(input));
        SourceMatch match = find(tree, source);
        Optional<FileStatus> directory = tree.stat(EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8)));
        if (directory.isEmpty() || !match.directory()) {
            throw new BuildException(
                    Kind.BUILD, "the source " + source + " of a cache mount is not a directory, which a cache is");
        }
        CopyPlacement placement = new CopyPlacement(
                new KnownRoot(true, Set.of()), Optional.empty(), Optional.empty(), new Timestamp(0, 0));
        placement.place(match, tree, "/");
        return new Seed(placement.layer(), directory.get());
    }

    /** chown clears setuid and setgid, so the mode comes after the owner (chown(2)). */
    static void dress(Linux linux, Path directory, int mode, long uid, long gid) throws IOException {
        try (Fd fd = linux.open(directory, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            linux.chown(fd, uid, gid);
            linux.chmod(fd, mode & EVERYTHING);
        }
    }

    private Snapshot snapshot(OptionalInt input) throws IOException, BuildException, InterruptedException {
        // Inputs are counted from the step's own filesystem on, which is 0.
        return inputs.get(input.orElseThrow() - 1).get();
    }

    private SourceMatch inContext(String source) throws IOException, BuildException {
        return new SourceScanner(site.context(), site.ignore(), IgnoreRules.NONE, "the build context").only(source);
    }

    private static SourceMatch find(FileTree tree, String source) throws IOException, BuildException {
        return new SourceScanner(tree, IgnoreRules.NONE, IgnoreRules.NONE, "the filesystem that is mounted from")
                .only(source);
    }
}
