package dev.jbuild.core.image;

import dev.jbuild.layer.store.RecordStore;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.RegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From which repository a blob can be had that the store need not hold. The layers of a base image stay in their registry
 * until something reads them; what was learnt of them is kept for later commands.
 */
public final class BlobOrigins {
    private final RecordStore records;
    private final RegistryClient registry;
    private final Map<Digest, ImageName> learnt = new ConcurrentHashMap<>();

    public BlobOrigins(RecordStore records, RegistryClient registry) {
        this.records = records;
        this.registry = registry;
    }

    /** Notes, for this process, where a blob lies. */
    public void learn(Digest blob, ImageName origin) {
        learnt.put(blob, origin);
    }

    /** Keeps what was noted of a blob, for it is part of an image that the store only names. */
    public void keep(Digest blob) throws IOException {
        ImageName origin = learnt.get(blob);
        if (origin != null && stored(blob).filter(origin::equals).isEmpty()) {
            records.put(blob, origin.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    public Optional<ImageName> find(Digest blob) throws IOException {
        Optional<ImageName> known = Optional.ofNullable(learnt.get(blob));
        return known.isPresent() ? known : stored(blob);
    }

    /** Reads blobs from where they are known to lie, else from the repository of this name. */
    public BlobSource source(ImageName fallback) {
        return blob -> registry.repository(find(blob.digest()).orElse(fallback)).open(blob);
    }

    private Optional<ImageName> stored(Digest blob) throws IOException {
        return records.get(blob).map(bytes -> ImageName.parse(new String(bytes, StandardCharsets.UTF_8)));
    }
}
