package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        if (sink.isComplete(image)) {
            return;
        }
        List<Future<?>> copies = new ArrayList<>();
        for (Descriptor blob : image.blobs()) {
            copies.add(tasks.start(() -> {
                underway.settle(blob.digest());
                sink.accept(blob, source);
                return blob;
            }));
        }
        for (Future<?> copy : copies) {
            tasks.join(copy);
        }
        sink.publish(image);
    }
}
