package dev.jbuild.core.image;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A name in a registry.
 *
 * @param origins where else a blob is known to lie: a blob of the same registry is mounted, not sent
 */
public record RegistrySink(Repository repository, ImageName name, BlobOrigins origins) implements ImageSink {
    @Override
    public boolean has(Descriptor blob) throws IOException {
        return repository.has(blob);
    }

    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        List<String> mountFrom = known(blob)
                .filter(origin -> !origin.repository().equals(name.repository()))
                .map(ImageName::repository)
                .map(List::of)
                .orElse(List.of());
        repository.upload(blob, source, mountFrom);
    }

    /** Whether the blob is known to lie in this registry, be it in another repository. */
    public boolean isKnownThere(Descriptor blob) throws IOException {
        return known(blob).isPresent();
    }

    private Optional<ImageName> known(Descriptor blob) throws IOException {
        return origins.find(blob.digest()).filter(origin -> origin.registry().equals(name.registry()));
    }

    @Override
    public boolean isComplete(Image image) throws IOException {
        return repository
                .head(name.reference())
                .filter(there -> there.digest().equals(image.descriptor().digest()))
                .isPresent();
    }

    @Override
    public void publish(Image image) throws IOException {
        repository.putManifest(name.reference(), image.descriptor().mediaType(), image.document());
    }
}
