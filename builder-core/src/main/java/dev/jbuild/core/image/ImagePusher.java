package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.Repository;
import java.io.IOException;

/**
 * Brings an image to a registry: of an index first its images, by their digests, for a registry refuses one without them.
 *
 * @param underway waits for a blob that is being sent already
 */
public record ImagePusher(RegistryClient registry, BlobOrigins origins, Tasks tasks, ImageCopier.Underway underway) {
    /** Of an image that lies ready: none of its blobs is underway. */
    public ImagePusher(RegistryClient registry, BlobOrigins origins, Tasks tasks) {
        this(registry, origins, tasks, _ -> {});
    }

    public void push(FinishedImage image, BlobSource blobs, ImageName name)
            throws IOException, BuildException, InterruptedException {
        Repository repository = registry.repository(name);
        for (Image each : image.images()) {
            ImageName as = image.isIndex() ? name.at(each.descriptor().digest()) : name;
            new ImageCopier(tasks, underway).copy(each, blobs, new RegistrySink(repository, as, origins));
            noteOrigins(each, name);
        }
        if (image.isIndex()) {
            repository.putManifest(name.reference(), image.descriptor().mediaType(), image.document());
        }
    }

    /** From there later pushes to the same registry mount them. */
    private void noteOrigins(Image image, ImageName name) throws IOException {
        for (Descriptor layer : image.manifest().layers()) {
            if (origins.find(layer.digest()).isEmpty()) {
                origins.learn(layer.digest(), name);
                origins.keep(layer.digest());
            }
        }
    }
}
