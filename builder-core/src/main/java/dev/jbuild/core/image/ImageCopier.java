package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.registry.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Pull, push, import and export are this one copy: the blobs side by side, then the name.
 *
 * @param underway waits for a blob that something else brings there
 */
public record ImageCopier(Tasks tasks, Underway underway) {
    /** Waits until a blob is not on its way any more, wherever it is then. */
    @FunctionalInterface
    public interface Underway {
        void settle(Digest blob) throws IOException, BuildException, InterruptedException;
    }

    /** Nothing else brings blobs there. */
    public ImageCopier(Tasks tasks) {
        this(tasks, _ -> {});
    }

    public void copy(Image image, BlobSource source, ImageSink sink)
            throws IOException, BuildException, InterruptedException {
        Presence presence = sink.presence(image);
        if (presence.isComplete()) {
            return;
        }
        bring(image, source, sink, presence.blobs());
        try {
            sink.publish(image);
        } catch (RegistryException e) {
            if (presence.blobs().isEmpty() || !mayLackABlob(e)) {
                throw e;
            }
            bring(image, source, sink, Set.of());
            sink.publish(image);
        }
    }

    /** Registries refuse a manifest whose blob is gone as a bad request or as nothing that they hold. */
    private static boolean mayLackABlob(RegistryException refusal) {
        return switch (refusal.kind()) {
            case NOT_FOUND, REJECTED -> true;
            case DENIED, REFUSED, UNAVAILABLE -> false;
        };
    }

    private void bring(Image image, BlobSource source, ImageSink sink, Set<Digest> present)
            throws IOException, BuildException, InterruptedException {
        List<Future<?>> copies = new ArrayList<>();
        for (Descriptor blob : image.blobs()) {
            if (!present.contains(blob.digest())) {
                copies.add(tasks.start(() -> bring(blob, source, sink)));
            }
        }
        for (Future<?> copy : copies) {
            tasks.join(copy);
        }
    }

    private Descriptor bring(Descriptor blob, BlobSource source, ImageSink sink)
            throws IOException, BuildException, InterruptedException {
        underway.settle(blob.digest());
        sink.accept(blob, source);
        return blob;
    }
}
