package dev.jbuild.core.build;

import dev.jbuild.core.api.ImageForm;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.WrittenLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The layers of a filesystem as blobs of the form that an image is to have. */
record LayerForms(LayerWorkshop workshop, ImageForm form, OptionalLong epoch) {

    List<WrittenLayer> of(Snapshot filesystem) throws IOException {
        List<WrittenLayer> written = new ArrayList<>();
        for (Layer layer : filesystem.layers()) {
            written.add(layer.remote().isPresent() ? ofBase(layer) : ofBuild(layer));
        }
        return written;
    }

    /** A base's layers stay as they are, unread, unless every layer is to be compressed anew. */
    private WrittenLayer ofBase(Layer layer) throws IOException {
        WrittenLayer known = layer.written().orElseThrow();
        boolean isMeant = known.descriptor().mediaType().endsWith(suffix());
        return form.everyLayer() && !isMeant ? rewritten(layer, UnaryOperator.identity()) : known;
    }

    private WrittenLayer ofBuild(Layer layer) throws IOException {
        boolean rewrites = form.rewritesTimes() && epoch.isPresent();
        if (!rewrites && form.compression().equals(Compression.GZIP)) {
            return layer.blob();
        }
        return rewritten(layer, rewrites ? this::notNewerThanEpoch : UnaryOperator.identity());
    }

    private WrittenLayer rewritten(Layer layer, UnaryOperator<LayerSource> change) throws IOException {
        return workshop.reading(
                () -> {},
                (limits, _) -> workshop.writeBlob(change.apply(layer.entriesAgain(limits)), form.compression()));
    }

    private LayerSource notNewerThanEpoch(LayerSource source) {
        Timestamp latest = new Timestamp(epoch.orElseThrow(), 0);
        return sink -> source.writeTo((entry, content) -> sink.put(clamped(entry, latest), content));
    }

    private static LayerEntry clamped(LayerEntry entry, Timestamp latest) {
        return entry.mtime().compareTo(latest) > 0 ? entry.withMtime(latest) : entry;
    }

    /** How the media types of this compression end, OCI's and Docker's. */
    private String suffix() {
        return switch (form.compression().format()) {
            case NONE -> "tar";
            case GZIP -> "gzip";
            case ZSTD -> "zstd";
        };
    }
}
