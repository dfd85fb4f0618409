package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.InlineFile;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.Step;
import dev.jbuild.dockerfile.BadPatternException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds what a COPY, ADD or WORKDIR puts where, and makes the recipe of its layer. */
final class CopyExecutor {
    private final BuildSite site;

    CopyExecutor(BuildSite site) {
        this.site = site;
    }

    /** The sources of a copy, found but not read. */
    record Found(FileTree tree, List<SourceMatch> matches, FileHasher hasher, boolean ofStage) {
        Digest content() throws IOException {
            return new ContentDigest(tree, hasher, ofStage).of(matches);
        }
    }

    Found findInContext(Step.CopyFiles copy) throws IOException, BuildException {
        return find(copy, site.context(), site.ignore(), site.contextHasher(), false);
    }

    Found findInStage(Step.CopyFiles copy, StackedTree stage) throws IOException, BuildException {
        return find(copy, stage, IgnoreRules.NONE, new FileHasher(stage, Optional.empty()), true);
    }

    private Found find(Step.CopyFiles copy, FileTree tree, IgnoreRules ignore, FileHasher hasher, boolean ofStage)
            throws IOException, BuildException {
        String place = ofStage ? "the filesystem that is copied from" : "the build context";
        SourceScanner scanner = new SourceScanner(tree, ignore, exclusions(copy), place);
        List<SourceMatch> matches = new ArrayList<>();
        for (String source : copy.sources()) {
            matches.addAll(scanner.scan(source));
        }
        return new Found(tree, matches, hasher, ofStage);
    }

    private static IgnoreRules exclusions(Step.CopyFiles copy) throws BuildException {
        try {
            return copy.exclude().isEmpty() ? IgnoreRules.NONE : IgnoreRules.of(copy.exclude());
        } catch (BadPatternException e) {
            throw new BuildException(Kind.BUILD, "--exclude: " + e.getMessage(), e);
        }
    }

    /** The layer that puts the found files into the parent's filesystem. */
    LayerSource place(Node node, Step.CopyFiles copy, Found found, Snapshot parent) throws IOException, BuildException {
        Optional<Owner> owner = owner(copy.owner(), parent);
        Optional<Owner> applied = owner.isPresent() || found.ofStage() ? owner : Optional.of(Owner.ROOT);
        OptionalInt mode = copy.mode().map(OptionalInt::of).orElse(OptionalInt.empty());
        try (Target target = copy.link() ? Target.of(new KnownRoot(true, Set.of())) : target(node, parent)) {
            CopyPlacement placement = new CopyPlacement(target.root(), applied, mode, createdTime());
            for (SourceMatch match : found.matches()) {
                placement.place(match, found.tree(), copy.destination());
            }
            for (InlineFile file : copy.inline()) {
                placement.place(file.name(), file.content().getBytes(StandardCharsets.UTF_8), copy.destination());
            }
            return placement.layer();
        }
    }

    /** The layer that makes a WORKDIR. */
    LayerSource makeDirectory(Node node, Step.MakeDirectory step, Snapshot parent) throws IOException, BuildException {
        Owner owner = owner(Optional.of(step.owner()).filter(name -> !name.isEmpty()), parent)
                .orElse(Owner.ROOT);
        EntryPath path = EntryPath.cleaned(step.path().getBytes(StandardCharsets.UTF_8));
        try (Target target = target(node, parent)) {
            CopyPlacement placement =
                    new CopyPlacement(target.root(), Optional.of(owner), OptionalInt.empty(), createdTime());
            placement.makeDirectories(path);
            return placement.layer();
        }
    }

    private Timestamp createdTime() {
        return new Timestamp(site.createdSeconds(), 0);
    }

    /** Names are looked up in the filesystem that is copied into, which must then be unpacked; numbers are not. */
    private Optional<Owner> owner(Optional<String> spec, Snapshot parent) throws IOException, BuildException {
        if (spec.isEmpty()) {
            return Optional.empty();
        }
        if (Ids.isNumeric(spec.get())) {
            return Optional.of(new Ids(UserDatabase.EMPTY).owner(spec.get()));
        }
        try (StackedTree tree = site.workshop().stack(parent.layers())) {
            return Optional.of(new Ids(UserDatabase.read(tree)).owner(spec.get()));
        }
    }

    private Target target(Node node, Snapshot parent) throws IOException {
        return node.rooted() ? Target.of(site.workshop().stack(parent.layers())) : Target.of(parent.knownRoot());
    }
}
