package dev.jbuild.core.build;

import dev.jbuild.core.api.RunOptions.Roots;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.tree.CopiedEntries;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeDiff;
import dev.jbuild.layer.tree.UpperTree;
import dev.jbuild.runtime.OverlayUnavailableException;
import dev.jbuild.runtime.Rootfs;
import dev.jbuild.runtime.StepMount;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the root of a step of the layers below it, and the tree of its layer of what the step leaves. Overlayfs does both at
 * once; where it is not to be had, the files are copied and the copy is compared when the step is over.
 */
final class StepRoots {
    /** Longer than a kernel's clock stands still: what a step does has a later time than what was copied. */
    private static final long TICK_MILLIS = 20;

    private static final long SECOND_MILLIS = 1_000;

    private final LayerWorkshop workshop;
    private final Roots wanted;
    private boolean overlayFailed;

    StepRoots(LayerWorkshop workshop, Roots wanted) {
        this.workshop = workshop;
        this.wanted = wanted;
    }

    /** Runs a step in the root that its spec has by then. */
    @FunctionalInterface
    interface Running {
        StepOutcome of(StepSpec spec) throws IOException, InterruptedException;
    }

    /**
     * Runs the step; when this returns, what it changed lies in the tree.
     *
     * @param spec with the layers for overlayfs
     * @param layers the same layers, lowest first
     */
    StepOutcome run(StepSpec spec, List<Layer> layers, PreparedTree tree, Running running)
            throws IOException, InterruptedException {
        if (copies()) {
            return runInCopy(spec, layers, tree, running);
        }
        try {
            StepOutcome outcome = running.of(spec);
            if (!spec.mounts().isEmpty()) {
                missing(spec.rootfs(), targets(spec)).removeFrom(workshop.linux(), tree.fs());
            }
            return outcome;
        } catch (OverlayUnavailableException e) {
            if (wanted == Roots.OVERLAY) {
                throw e;
            }
            giveUpOverlay(e);
            return runInCopy(spec, layers, tree, running);
        }
    }

    private synchronized boolean copies() {
        return wanted == Roots.COPY || overlayFailed;
    }

    private synchronized void giveUpOverlay(OverlayUnavailableException reason) {
        if (!overlayFailed) {
            workshop.notes().accept("each step works on a copy of all files, since " + reason.getMessage());
        }
        overlayFailed = true;
    }

    private StepOutcome runInCopy(StepSpec spec, List<Layer> layers, PreparedTree tree, Running running)
            throws IOException, InterruptedException {
        try (Copies copies = new Copies()) {
            StepSpec plain = spec.withMounts(copies.ofMounts(spec.mounts()));
            if (layers.isEmpty()) {
                // There is nothing to compare with: all that the step leaves is the layer.
                StepOutcome outcome = running.of(plain.withRootfs(
                        Rootfs.plain(tree.fs(), copies.prepare().work())));
                missing(spec.rootfs(), everyPlace(spec)).removeFrom(workshop.linux(), tree.fs());
                return outcome;
            }
            try (StackedTree below = workshop.stack(layers)) {
                return runInCopy(plain, below, layers, tree, running, copies.of(below));
            }
        }
    }

    private StepOutcome runInCopy(
            StepSpec spec, StackedTree below, List<Layer> layers, PreparedTree tree, Running running, PreparedTree copy)
            throws IOException, InterruptedException {
        CopiedEntries copied;
        try (DirectoryTree before = DirectoryTree.open(workshop.linux(), copy.fs())) {
            copied = CopiedEntries.of(before);
        }
        Thread.sleep(copied.isInWholeSeconds() ? SECOND_MILLIS + TICK_MILLIS : TICK_MILLIS);
        MissingMountPoints missing = MissingMountPoints.of(below, everyPlace(spec));
        StepOutcome outcome = running.of(spec.withRootfs(Rootfs.plain(copy.fs(), copy.work())));
        missing.removeFrom(workshop.linux(), copy.fs());
        try (DirectoryTree after = DirectoryTree.open(workshop.linux(), copy.fs())) {
            workshop.fillTree(TreeDiff.sinceCopy(below, after, copied), tree.fs(), layers);
        }
        return outcome;
    }

    private MissingMountPoints missing(Rootfs rootfs, List<String> places) throws IOException {
        if (rootfs.lower().isEmpty()) {
            return MissingMountPoints.inNothing(places);
        }
        try (StackedTree below = StackedTree.open(workshop.linux(), rootfs.lower())) {
            return MissingMountPoints.of(below, places);
        }
    }

    private static List<String> targets(StepSpec spec) {
        return spec.mounts().stream().map(StepMount::target).toList();
    }

    private static List<String> everyPlace(StepSpec spec) {
        List<String> places = new ArrayList<>(Rootfs.mountPoints());
        places.addAll(targets(spec));
        return places;
    }

    /** Copies of layers, which go when the step is over. */
    private final class Copies implements AutoCloseable {
        private final List<PreparedTree> made = new ArrayList<>();

        PreparedTree prepare() throws IOException {
            PreparedTree tree = workshop.store().trees().prepare();
            made.add(tree);
            return tree;
        }

        PreparedTree of(StackedTree below) throws IOException {
            PreparedTree copy = prepare();
            workshop.fillTree(new TreeLayer(below), copy.fs(), List.of());
            UpperTree.prepare(workshop.linux(), copy.fs(), below);
            return copy;
        }

        List<StepMount> ofMounts(List<StepMount> mounts) throws IOException {
            List<StepMount> copied = new ArrayList<>();
            for (StepMount mount : mounts) {
                copied.add(mount instanceof StepMount.Layers layers ? ofMount(layers) : mount);
            }
            return copied;
        }

        private StepMount ofMount(StepMount.Layers mount) throws IOException {
            if (mount.lower().isEmpty()) {
                return new StepMount.Host(mount.target(), prepare().fs(), mount.directory(), !mount.writable());
            }
            try (StackedTree below = StackedTree.open(workshop.linux(), mount.lower())) {
                return new StepMount.Host(
                        mount.target(), in(of(below), mount.source()), mount.directory(), !mount.writable());
            }
        }

        /** Nobody else changes the copy, so a path without links stays one. */
        private Path in(PreparedTree copy, String source) throws IOException {
            EntryPath named = EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8));
            try (DirectoryTree tree = DirectoryTree.open(workshop.linux(), copy.fs())) {
                return copy.fs().resolve(tree.landing(named, true).toString());
            }
        }

        /** One that cannot be removed keeps no other. */
        @Override
        public void close() throws IOException {
            List<IOException> failures = new ArrayList<>();
            for (PreparedTree tree : made) {
                try {
                    tree.close();
                } catch (IOException e) {
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                IOException first = failures.removeFirst();
                failures.forEach(first::addSuppressed);
                throw first;
            }
        }
    }
}
