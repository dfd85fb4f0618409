package dev.jbuild.registry;

import dev.jbuild.oci.BlobSink;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** One repository of a registry: its blobs, and its manifests by tag or digest. */
@SuppressWarnings("DoNotCallSuggester")
public final class Repository implements BlobSource, BlobSink {
    private final ImageName name;

    Repository(ImageName name) {
        this.name = name;
    }

    /** What a tag or digest names; empty when the registry has no such manifest. Costs no rate limit on Docker Hub. */
    public Optional<Descriptor> head(String reference) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    /** The manifest or index at a tag or digest, its digest verified. */
    public Document manifest(String reference) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    /** Stores a manifest or index under a tag or its digest. */
    public Descriptor putManifest(String reference, String mediaType, byte[] document) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    @Override
    public boolean has(Descriptor blob) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        upload(blob, source);
    }

    /** Makes a blob of another repository of this registry appear here; false when the registry would not. */
    public boolean mount(Descriptor blob, String fromRepository) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }

    /** Sends a blob unless the registry has it. */
    public void upload(Descriptor blob, BlobSource source) throws IOException {
        upload(blob, source, List.of());
    }

    /** As {@link #upload(Descriptor, BlobSource)}, trying first to mount it from these repositories of this registry. */
    public void upload(Descriptor blob, BlobSource source, List<String> mountFrom) throws IOException {
        throw new UnsupportedOperationException("lands next: " + name);
    }
}
