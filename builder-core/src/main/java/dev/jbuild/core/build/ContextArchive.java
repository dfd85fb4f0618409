package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.tar.TarArchive;
import dev.jbuild.layer.tree.TreeWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Unpacks a context that came as an archive, by the layer engine's confined extractor and within its limits. A context has
 * files, directories and links; anything else is refused by name.
 */
record ContextArchive(BuildTools tools, LayerWorkshop workshop) {
    static final String WHAT = "the build context";

    /** @param directory an empty one that nobody else can reach */
    void unpack(InputStream archive, Path directory) throws IOException, BuildException {
        LayerSource members = TarArchive.read(archive, workshop.limits(), WHAT);
        try (TreeWriter writer = new TreeWriter(tools.linux(), directory, Optional.empty(), workshop.limits())) {
            members.writeTo(new Members(writer));
            writer.finish();
            writer.notes().forEach(workshop.notes());
        } catch (RefusedLayerException e) {
            throw refused(e);
        }
    }

    /** A context is the user's own, and no registry's. */
    static BuildException refused(RefusedLayerException e) {
        String entry = e.entry().isEmpty() ? "" : e.entry() + ": ";
        Kind kind = Failures.isForDisk(e) ? Kind.STORE : Kind.BUILD;
        return new BuildException(kind, WHAT + " is refused: " + entry + e.rule() + Failures.advice(e), e);
    }

    /** Owners are the caller's: copies from a context belong to root whatever the archive says. */
    private final class Members implements LayerSink {
        private final TreeWriter writer;

        Members(TreeWriter writer) {
            this.writer = writer;
        }

        @Override
        public void put(LayerEntry entry, InputStream content) throws IOException {
            switch (entry.type()) {
                case FILE, DIRECTORY, SYMLINK ->
                    writer.put(
                            entry.withOwner(
                                    tools.linux().effectiveUid(), tools.linux().effectiveGid()),
                            content);
                case HARDLINK -> writer.put(entry, content);
                case FIFO, CHAR_DEVICE, BLOCK_DEVICE ->
                    throw new RefusedLayerException(entry.path(), "a build context holds no FIFOs and devices");
                case WHITEOUT, OPAQUE ->
                    throw new RefusedLayerException(entry.path(), "a build context holds no whiteouts (.wh.)");
            }
        }
    }
}
