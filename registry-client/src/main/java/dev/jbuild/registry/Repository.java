package dev.jbuild.registry;

import dev.jbuild.oci.BlobSink;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.GrowingBlob;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One repository of a registry: its blobs, and its manifests by tag or digest.
 *
 * <p>What fails because of the registry or of credentials is a {@link RegistryException}; each request was tried again
 * before as far as that could help. Safe for use by many threads at once.
 */
public final class Repository implements BlobSource, BlobSink {
    private final ImageName name;
    private final Manifests manifests;
    private final Blobs blobs;

    Repository(Endpoint endpoint, ImageName name) {
        this.name = name;
        this.manifests = new Manifests(endpoint, name.repository());
        this.blobs = new Blobs(endpoint, name.repository());
    }

    /** What a tag or digest names; empty when the registry has no such manifest. Costs no rate limit on Docker Hub. */
    public Optional<Descriptor> head(String reference) throws IOException {
        return manifests.head(reference);
    }

    /**
     * The manifest or index at a tag or digest. Its bytes are those of its digest, and it names itself as the registry
     * names it.
     *
     * @throws RegistryException of kind {@code NOT_FOUND} when there is none
     */
    public Document manifest(String reference) throws IOException {
        return manifests.get(reference);
    }

    /**
     * Stores a manifest or index under a tag or its digest. Blobs and manifests that it names must be there before.
     *
     * @return its descriptor
     */
    public Descriptor putManifest(String reference, String mediaType, byte[] document) throws IOException {
        return manifests.put(reference, mediaType, document);
    }

    /**
     * {@inheritDoc} A broken connection is taken up again where it broke. Addresses in a descriptor are never fetched
     * (CVE-2020-15157): only the repository is asked.
     */
    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return blobs.open(blob);
    }

    @Override
    public boolean has(Descriptor blob) throws IOException {
        return blobs.has(blob);
    }

    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        upload(blob, source);
    }

    /** Makes a blob of another repository of this registry appear here; false when the registry would not. */
    public boolean mount(Descriptor blob, String fromRepository) throws IOException {
        return blobs.mount(blob, checked(fromRepository));
    }

    /** Sends a blob unless the registry has it. The source may be opened several times. */
    public void upload(Descriptor blob, BlobSource source) throws IOException {
        upload(blob, source, List.of());
    }

    /** As {@link #upload(Descriptor, BlobSource)}, trying first to mount it from these repositories of this registry. */
    public void upload(Descriptor blob, BlobSource source, List<String> mountFrom) throws IOException {
        blobs.upload(blob, source, mountFrom.stream().map(this::checked).toList());
    }

    /**
     * Sends a long blob in pieces while it is still being written. This is an attempt, made once: what stands in its way is
     * met again, and told, when the blob is sent by {@link #upload}.
     *
     * @return whether the registry has the blob now; if not it is to be uploaded when it is whole, for it was too short, its
     *     writer gave up, or the registry did not take it so
     */
    public boolean stream(GrowingBlob blob) throws InterruptedException {
        return blobs.stream(blob);
    }

    /** A repository's name goes into URLs, so it must be one. */
    private String checked(String repository) {
        return new ImageName(name.registry(), repository, Optional.empty(), Optional.empty()).repository();
    }

    @Override
    public String toString() {
        return name.registry() + "/" + name.repository();
    }
}
