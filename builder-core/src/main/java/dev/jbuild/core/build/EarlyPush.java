package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.image.RegistrySink;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * Brings the layers of an image that is to be pushed to its registry while later steps run, long ones while they are still
 * being compressed. It publishes nothing, and nothing depends on it: what it could not send is sent, or complained of, by the
 * push at the end. A build that fails ends it.
 */
final class EarlyPush {
    private final Tasks tasks;
    private final BlobSource blobs;
    private final List<RegistrySink> sinks;
    private final Map<Layer, Future<WrittenLayer>> begun = new ConcurrentHashMap<>();

    private EarlyPush(Tasks tasks, BlobSource blobs, List<RegistrySink> sinks) {
        this.tasks = tasks;
        this.blobs = blobs;
        this.sinks = List.copyOf(sinks);
    }

    static EarlyPush of(BuildTools tools, BuildRequest request, Tasks tasks) {
        return new EarlyPush(
                tasks,
                tools.store().blobs(),
                request.push() && keepsLayers(request.form()) ? sinks(tools, request) : List.of());
    }

    /** Where an image has its layers in another form, those are made at the end. */
    private static boolean keepsLayers(ImageForm form) {
        return form.compression().equals(Compression.GZIP) && !form.rewritesTimes();
    }

    /** One repository of each registry: into the others of it, blobs are mounted. */
    private static List<RegistrySink> sinks(BuildTools tools, BuildRequest request) {
        Map<String, RegistrySink> sinks = new LinkedHashMap<>();
        for (ImageName name : request.tags()) {
            sinks.putIfAbsent(
                    name.registry(), new RegistrySink(tools.registry().repository(name), name, tools.origins()));
        }
        return List.copyOf(sinks.values());
    }

    /** Makes a layer's blob and sends it, beside whatever else the build does; who asks for the blob first, makes it. */
    void begin(Layer layer) {
        Map<RegistrySink, Future<Boolean>> streams = new ConcurrentHashMap<>();
        layer.whileWritten(blob -> streams.putAll(streams(layer, blob)));
        begun.put(layer, tasks.start(() -> make(layer, streams)));
    }

    /** Waits for what was begun for this blob. */
    void settle(Digest blob) throws IOException, BuildException, InterruptedException {
        for (Map.Entry<Layer, Future<WrittenLayer>> layer : begun.entrySet()) {
            if (layer.getKey().isBlob(blob)) {
                tasks.join(layer.getValue());
            }
        }
    }

    /** To each registry, unless it has the blob already or can take it from another of its repositories. */
    private Map<RegistrySink, Future<Boolean>> streams(Layer layer, GrowingBlob blob) {
        Map<RegistrySink, Future<Boolean>> streams = new HashMap<>();
        for (RegistrySink sink : sinks) {
            if (!isKnownThere(layer, sink)) {
                streams.put(sink, tasks.start(() -> sink.repository().stream(blob)));
            }
        }
        return streams;
    }

    private WrittenLayer make(Layer layer, Map<RegistrySink, Future<Boolean>> streams)
            throws IOException, BuildException, InterruptedException {
        WrittenLayer written = layer.blob();
        for (RegistrySink sink : sinks) {
            Future<Boolean> stream = streams.get(sink);
            if (stream == null || !tasks.join(stream)) {
                send(written.descriptor(), sink);
            }
        }
        return written;
    }

    private static boolean isKnownThere(Layer layer, RegistrySink sink) {
        try {
            Optional<WrittenLayer> expected = layer.expected();
            return expected.isPresent() && sink.isKnownThere(expected.get().descriptor());
        } catch (IOException e) {
            // Then it is sent once more; the push at the end reads the same record, and tells what is wrong with it.
            return false;
        }
    }

    private void send(Descriptor blob, RegistrySink sink) throws InterruptedException {
        try {
            sink.accept(blob, blobs);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            // The push at the end tries again, and tells what is wrong under the name of the push.
            return;
        }
    }
}
