package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.Chmod;
import dev.jbuild.core.plan.InlineFile;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.SourcePath;
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
import java.util.Set;
import java.util.TreeMap;

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
        for (SourcePath source : copy.sources()) {
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
        if (copy.standsAlone()) {
            return place(copy, found, owner, placement(new KnownRoot(true, Set.of()), applied, copy.chmod()));
        }
        return onTarget(node, parent, root -> place(copy, found, owner, placement(root, applied, copy.chmod())));
    }

    private CopyLayer place(Step.CopyFiles copy, Found found, Optional<Owner> given, CopyPlacement placement)
            throws IOException, BuildException {
        for (SourceMatch match : found.matches()) {
            if (copy.unpack() && isArchive(found, match)) {
                EntryPath file = match.files().getFirst().path();
                placement.unpack(archives(found).members(file), given, copy.destination());
            } else {
                placement.place(match, found.tree(), copy.destination());
            }
        }
        for (InlineFile file : copy.inline()) {
            placement.place(file.name(), file.content().getBytes(StandardCharsets.UTF_8), copy.destination());
        }
        return placement.layer();
    }

    private boolean isArchive(Found found, SourceMatch match) throws IOException {
        if (match.directory()) {
            return false;
        }
        SourceFile file = match.files().getFirst();
        return file.status().isFile() && archives(found).isArchive(file.path());
    }

    private Archives archives(Found found) {
        return new Archives(found.tree(), site.spool(), site.workshop().limits());
    }

    /** The layer that makes a WORKDIR; empty when it is there. */
    LayerSource makeDirectory(Node node, Step.MakeDirectory step, Snapshot parent) throws IOException, BuildException {
        EntryPath path = EntryPath.cleaned(step.path().getBytes(StandardCharsets.UTF_8));
        if (!node.rooted() && parent.present().contains(path)) {
            return new CopyLayer(new TreeMap<>());
        }
        Owner owner = owner(Optional.of(step.owner()).filter(name -> !name.isEmpty()), parent)
                .orElse(Owner.ROOT);
        return onTarget(node, parent, root -> {
            CopyPlacement placement = placement(root, Optional.of(owner), Optional.empty());
            placement.makeDirectories(path);
            return placement.layer();
        });
    }

    @FunctionalInterface
    private interface Placing {
        CopyLayer on(TargetRoot root) throws IOException, BuildException;
    }

    /** Does without the base's layers where that cannot change the result. */
    private CopyLayer onTarget(Node node, Snapshot parent, Placing placing) throws IOException, BuildException {
        if (!node.rooted()) {
            try {
                return placing.on(parent.knownRoot());
            } catch (BaseNeededException e) {
                site.vertices().note(node.title() + ": " + e.getMessage());
            }
        }
        if (parent.layers().isEmpty()) {
            return placing.on(parent.knownRoot());
        }
        try (StackedTree tree = site.workshop().stack(parent.layers())) {
            return placing.on(new TreeRoot(tree));
        }
    }

    private CopyPlacement placement(TargetRoot root, Optional<Owner> owner, Optional<Chmod> chmod) {
        return new CopyPlacement(root, owner, chmod, createdTime());
    }

    private Timestamp createdTime() {
        return new Timestamp(site.createdSeconds(), 0);
    }

    /** Names are looked up in the filesystem that is copied into, which must then be unpacked; numbers are not. */
    private Optional<Owner> owner(Optional<String> spec, Snapshot parent) throws IOException, BuildException {
        if (spec.isEmpty()) {
            return Optional.empty();
        }
        if (parent.layers().isEmpty() || Ids.isNumeric(spec.get())) {
            return Optional.of(new Ids(UserDatabase.EMPTY).owner(spec.get()));
        }
        try (StackedTree tree = site.workshop().stack(parent.layers())) {
            return Optional.of(new Ids(UserDatabase.read(tree)).owner(spec.get()));
        }
    }
}
