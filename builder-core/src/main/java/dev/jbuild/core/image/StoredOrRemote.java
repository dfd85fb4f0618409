package dev.jbuild.core.image;

import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Blobs from the store, and those of base images that it lacks from where they are known to lie. */
public record StoredOrRemote(BlobStore store, BlobOrigins origins) implements BlobSource {
    @Override
    public InputStream open(Descriptor blob) throws IOException {
        if (store.has(blob)) {
            return store.open(blob);
        }
        Optional<ImageName> origin = origins.find(blob.digest());
        if (origin.isEmpty()) {
            throw new NoSuchBlobException(blob.digest(), "the store, and no registry is known to have it");
        }
        return origins.source(origin.get()).open(blob);
    }
}
