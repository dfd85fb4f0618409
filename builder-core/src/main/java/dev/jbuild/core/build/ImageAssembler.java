package dev.jbuild.core.build;

import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.plan.BuildGraph;
import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.core.plan.Node;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the config and the manifest of a finished filesystem. */
final class ImageAssembler {
    /** What BuildKit writes, and what tools look for to tell its history from the older builder's. */
    private static final String COMMENT = "buildkit.dockerfile.v0";

    private final Store store;
    private final BuildGraph graph;
    private final HistoryTimes times;

    ImageAssembler(Store store, BuildGraph graph, HistoryTimes times) {
        this.store = store;
        this.graph = graph;
        this.times = times;
    }

    /** The image of these layers; its config and manifest are in the store afterwards. */
    Image assemble(Snapshot snapshot, List<WrittenLayer> written, ImageForm form, Map<String, String> annotations)
            throws IOException {
        List<Digest> diffIds = written.stream().map(WrittenLayer::diffId).toList();
        List<Descriptor> layers =
                written.stream().map(layer -> typed(layer.descriptor(), form)).toList();
        List<History> history = history(snapshot);
        ImageConfig config =
                new ImageConfig(graph.platform(), created(history), graph.author(), graph.config(), diffIds, history);
        Descriptor configBlob =
                store.blobs().put(form.ociTypes() ? MediaTypes.OCI_CONFIG : MediaTypes.DOCKER_CONFIG, config.toBytes());
        String type = form.ociTypes() ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST;
        Manifest manifest = new Manifest(type, configBlob, layers, annotations);
        byte[] document = manifest.toBytes();
        Descriptor descriptor = store.blobs().put(type, document);
        return new Image(descriptor, document, manifest);
    }

    private List<History> history(Snapshot snapshot) throws IOException {
        List<String> created = times.of(graph.history(), createdByLayer(snapshot));
        List<History> history = new ArrayList<>();
        for (int i = 0; i < created.size(); i++) {
            String time = created.get(i);
            history.add(
                    switch (graph.history().get(i)) {
                        case HistoryLine.Inherited(History entry) -> entry;
                        case HistoryLine.Made(String createdBy, Optional<Node> layer) ->
                            new History(Optional.of(time), createdBy, "", COMMENT, layer.isEmpty());
                    });
        }
        return history;
    }

    /** The times of the layers that this build's steps made, lowest first. */
    private static List<String> createdByLayer(Snapshot snapshot) {
        return snapshot.layers().stream()
                .filter(layer -> layer.remote().isEmpty())
                .map(Layer::created)
                .toList();
    }

    private static Optional<String> created(List<History> history) {
        return history.isEmpty() ? Optional.empty() : history.getLast().created();
    }

    /** OCI and Docker have types of their own for the same bytes; one manifest has one family of types. */
    private static Descriptor typed(Descriptor layer, ImageForm form) {
        String type = switch (layer.mediaType()) {
            case MediaTypes.DOCKER_LAYER_GZIP, MediaTypes.OCI_LAYER_GZIP ->
                form.ociTypes() ? MediaTypes.OCI_LAYER_GZIP : MediaTypes.DOCKER_LAYER_GZIP;
            case MediaTypes.DOCKER_LAYER, MediaTypes.OCI_LAYER ->
                form.ociTypes() ? MediaTypes.OCI_LAYER : MediaTypes.DOCKER_LAYER;
            default -> layer.mediaType();
        };
        return new Descriptor(type, layer.digest(), layer.size());
    }
}
