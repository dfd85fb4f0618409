package dev.jbuild.core.image;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.registry.Document;
import dev.jbuild.registry.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * A registry keeps the blobs of what a tag names, so these need no question each: most pushes of a tag bring an image
     * that shares its lower layers with the one before. Where one is gone nevertheless, a registry may refuse the new
     * manifest (OCI distribution-spec, "Pushing Manifests"); one that does not would keep an image that lacks a layer.
     */
    @Override
    public Presence presence(Image image) throws IOException {
        Optional<Descriptor> there = repository.head(name.reference());
        if (there.isEmpty()) {
            return Presence.UNKNOWN;
        }
        return there.get().digest().equals(image.descriptor().digest())
                ? Presence.COMPLETE
                : new Presence(false, blobsOf(there.get()));
    }

    private Set<Digest> blobsOf(Descriptor there) {
        if (!MediaTypes.isManifest(there.mediaType())) {
            return Set.of();
        }
        try {
            Document document = repository.manifest(there.digest().toString());
            String what = "the manifest of " + name;
            Manifest manifest = Manifest.parse(document.bytes(), there.mediaType(), what);
            return new Image(there, document.bytes(), manifest)
                    .blobs().stream()
                            .filter(blob -> !MediaTypes.isForeignLayer(blob.mediaType()))
                            .map(Descriptor::digest)
                            .collect(Collectors.toSet());
        } catch (IOException e) {
            // What the tag named so far is about to go, and need not be sound: each blob is asked for.
            return Set.of();
        }
    }

    @Override
    public void publish(Image image) throws IOException {
        repository.putManifest(name.reference(), image.descriptor().mediaType(), image.document());
    }
}
