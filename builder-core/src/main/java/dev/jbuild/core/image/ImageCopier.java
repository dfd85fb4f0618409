package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Pull, push, import and export are this one copy: the blobs side by side, then the name. */
public record ImageCopier(Tasks tasks) {
    public void copy(Image image, BlobSource source, ImageSink sink)
            throws IOException, BuildException, InterruptedException {
        if (sink.isComplete(image)) {
            return;
        }
        List<Future<?>> copies = new ArrayList<>();
        for (Descriptor blob : image.blobs()) {
            copies.add(tasks.start(() -> {
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
