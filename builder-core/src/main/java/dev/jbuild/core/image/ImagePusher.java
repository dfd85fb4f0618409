package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.Repository;
import java.io.IOException;

/** Brings an image to a registry: of an index first its images, by their digests, for a registry refuses one without them. */
public record ImagePusher(RegistryClient registry, BlobOrigins origins, Tasks tasks) {
    public void push(FinishedImage image, BlobSource blobs, ImageName name)
            throws IOException, BuildException, InterruptedException {
        Repository repository = registry.repository(name);
        for (Image each : image.images()) {
            ImageName as = image.isIndex() ? name.at(each.descriptor().digest()) : name;
            new ImageCopier(tasks).copy(each, blobs, new RegistrySink(repository, as, origins));
        }
        if (image.isIndex()) {
            repository.putManifest(name.reference(), image.descriptor().mediaType(), image.document());
        }
    }
}
