package dev.jbuild.core.image;

import dev.jbuild.layer.store.Store;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.util.List;

/** The local store, under any number of names. */
public record StoreSink(Store store, List<ImageName> names) implements ImageSink {
    public StoreSink {
        names = List.copyOf(names);
    }

    @Override
    public boolean has(Descriptor blob) throws IOException {
        return store.blobs().has(blob);
    }

    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        store.blobs().accept(blob, source);
    }

    @Override
    public Presence presence(Image image) {
        return Presence.UNKNOWN;
    }

    @Override
    public void publish(Image image) throws IOException {
        store.blobs().put(image.descriptor().mediaType(), image.document());
        if (!names.isEmpty()) {
            store.images().putAll(names, image.descriptor());
        }
    }
}
