package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.Chmod;
import dev.jbuild.core.plan.InlineFile;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.RemotePart;
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

    /**
     * One source of a copy, found but not read.
     *
     * @param known its content's digest, when that is kept
     */
    record Piece(FileTree tree, FileHasher hasher, SourceMatch match, boolean unpack, Optional<Digest> known) {
        Digest content(boolean withOwners) throws IOException {
            return known.isPresent() ? known.get() : new ContentDigest(tree, hasher, withOwners).of(List.of(match));
        }
    }

    /** The sources of a copy, in order. */
    record Found(List<Piece> pieces, boolean ofStage) {
        Found {
            pieces = List.copyOf(pieces);
        }

        Digest content() throws IOException {
            CacheKey.Draft all = CacheKey.of("content");
            for (int i = 0; i < pieces.size(); i++) {
                all.leaf(Integer.toString(i), pieces.get(i).content(ofStage).toString());
            }
            return all.build().digest();
        }
    }

    Found findInContext(Step.CopyFiles copy) throws IOException, BuildException {
        return find(copy, site.context(), site.ignore(), site.contextHasher(), false);
    }

    Found findInStage(Step.CopyFiles copy, StackedTree stage) throws IOException, BuildException {
        return find(copy, stage, IgnoreRules.NONE, new FileHasher(stage, Optional.empty()), true);
    }

    /** What an ADD takes from the build context and from elsewhere. */
    Found findWithFetched(Step.CopyFiles copy, List<Snapshot> fetched) throws IOException, BuildException {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i <= copy.sources().size(); i++) {
            for (int n = 0; n < fetched.size(); n++) {
                if (copy.remote().get(n).position() == i) {
                    pieces.add(piece(copy, copy.remote().get(n), fetched.get(n)));
                }
            }
            if (i < copy.sources().size()) {
                pieces.addAll(find(copy, i, site.context(), site.ignore(), site.contextHasher(), "the build context"));
            }
        }
        return new Found(pieces, false);
    }

    /** Everything in a directory that its own rules do not exclude. */
    Found findAll(LocalDirectories.Open directory) throws IOException, BuildException {
        SourceMatch all = new SourceScanner(directory.tree(), directory.ignore(), IgnoreRules.NONE, "the named context")
                .named(EntryPath.ROOT);
        FileHasher hasher = new FileHasher(directory.tree(), Optional.of(directory.index()));
        return new Found(List.of(new Piece(directory.tree(), hasher, all, false, Optional.empty())), false);
    }

    /** A filesystem that consists of what was found; it belongs to root. */
    LayerSource placeAll(Found found) throws IOException, BuildException {
        CopyPlacement placement = placement(new KnownRoot(true, Set.of()), Optional.of(Owner.ROOT), Optional.empty());
        for (Piece piece : found.pieces()) {
            placement.place(piece.match(), piece.tree(), "/");
        }
        return placement.layer();
    }

    private Piece piece(Step.CopyFiles copy, RemotePart part, Snapshot fetched) throws IOException, BuildException {
        FileTree tree = site.stages().of(fetched);
        FileHasher hasher = new FileHasher(tree, Optional.empty());
        SourceMatch match = new SourceScanner(tree, IgnoreRules.NONE, exclusions(copy), "what was fetched")
                .named(EntryPath.cleaned(part.path().getBytes(StandardCharsets.UTF_8)));
        CacheKey key = StepKeys.fetchedPart(part, copy.exclude(), fetched.key());
        Optional<Digest> known = site.records().findContent(key);
        Piece piece = new Piece(tree, hasher, match, part.unpack(), known);
        if (known.isEmpty()) {
            site.records().putContent(key, piece.content(false));
        }
        return piece;
    }

    private Found find(Step.CopyFiles copy, FileTree tree, IgnoreRules ignore, FileHasher hasher, boolean ofStage)
            throws IOException, BuildException {
        String place = ofStage ? "the filesystem that is copied from" : "the build context";
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < copy.sources().size(); i++) {
            pieces.addAll(find(copy, i, tree, ignore, hasher, place));
        }
        return new Found(pieces, ofStage);
    }

    private static List<Piece> find(
            Step.CopyFiles copy, int source, FileTree tree, IgnoreRules ignore, FileHasher hasher, String place)
            throws IOException, BuildException {
        return new SourceScanner(tree, ignore, exclusions(copy), place)
                .scan(copy.sources().get(source)).stream()
                        .map(match -> new Piece(tree, hasher, match, copy.unpack(), Optional.empty()))
                        .toList();
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
        for (Piece piece : found.pieces()) {
            if (piece.unpack() && isArchive(piece)) {
                EntryPath file = piece.match().files().getFirst().path();
                placement.unpack(archives(piece).members(file), given, copy.destination());
            } else {
                placement.place(piece.match(), piece.tree(), copy.destination());
            }
        }
        for (InlineFile file : copy.inline()) {
            placement.place(file.name(), file.content().getBytes(StandardCharsets.UTF_8), copy.destination());
        }
        return placement.layer();
    }

    private boolean isArchive(Piece piece) throws IOException {
        if (piece.match().directory()) {
            return false;
        }
        SourceFile file = piece.match().files().getFirst();
        return file.status().isFile() && archives(piece).isArchive(file.path());
    }

    private Archives archives(Piece piece) {
        return new Archives(piece.tree(), site.spool(), site.workshop());
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
