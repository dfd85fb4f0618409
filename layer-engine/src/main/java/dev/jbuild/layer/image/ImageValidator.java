package dev.jbuild.layer.image;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes everything that an image claims: sizes and digests of all blobs, media types, that manifest, config and history
 * agree on the number of layers, that each layer's tar hashes to its diff id, is well-formed and builds on what is there.
 */
public final class ImageValidator {
    /** How deep indexes may hold indexes. */
    private static final int MAX_DEPTH = 3;

    private final LayerLimits limits;

    public ImageValidator(LayerLimits limits) {
        this.limits = limits;
    }

    /**
     * What is wrong with the image, a sentence each; empty when all its claims hold.
     *
     * @param image a manifest or an index, whose manifests are all validated
     */
    public List<String> problems(BlobSource source, Descriptor image) {
        List<String> problems = new ArrayList<>();
        validate(source, image, Optional.empty(), 1, problems);
        return problems;
    }

    /** @throws InvalidImageException that lists all problems, when there are any */
    public void requireValid(BlobSource source, Descriptor image) throws InvalidImageException {
        List<String> problems = problems(source, image);
        if (!problems.isEmpty()) {
            throw new InvalidImageException(image.digest(), problems);
        }
    }

    private void validate(
            BlobSource source, Descriptor image, Optional<Platform> platform, int depth, List<String> problems) {
        String what = (MediaTypes.isIndex(image.mediaType()) ? "index " : "manifest ") + image.digest();
        try {
            if (MediaTypes.isIndex(image.mediaType())) {
                validateIndex(source, image, what, depth, problems);
            } else if (MediaTypes.isManifest(image.mediaType())) {
                validateManifest(source, image, what, platform, problems);
            } else {
                problems.add(what + " has the unknown media type " + image.mediaType());
            }
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void validateIndex(BlobSource source, Descriptor image, String what, int depth, List<String> problems)
            throws IOException {
        if (depth > MAX_DEPTH) {
            problems.add(what + " lies deeper than " + MAX_DEPTH + " indexes");
            return;
        }
        Index index = Index.parse(read(source, image, Manifest.MAX_BYTES), image.mediaType(), what);
        for (Index.Entry entry : index.entries()) {
            validate(source, entry.manifest(), entry.platform(), depth + 1, problems);
        }
    }

    private void validateManifest(
            BlobSource source, Descriptor image, String what, Optional<Platform> platform, List<String> problems)
            throws IOException {
        Manifest manifest = Manifest.parse(read(source, image, Manifest.MAX_BYTES), image.mediaType(), what);
        if (!isConfig(manifest.config().mediaType())) {
            problems.add(what + " has a config of the unknown media type "
                    + manifest.config().mediaType());
            return;
        }
        String configName = "config " + manifest.config().digest();
        ImageConfig config = ImageConfig.parse(read(source, manifest.config(), ImageConfig.MAX_BYTES), configName);
        validateCounts(manifest, config, what, problems);
        if (platform.isPresent() && !platform.get().equals(config.platform())) {
            problems.add(what + " is listed for " + platform.get() + ", its config says " + config.platform());
        }
        if (manifest.layers().size() == config.diffIds().size()) {
            validateLayers(source, manifest, config, problems);
        }
    }

    private static void validateCounts(Manifest manifest, ImageConfig config, String what, List<String> problems) {
        int layers = manifest.layers().size();
        if (layers != config.diffIds().size()) {
            problems.add(what + " has " + layers + " layers, its config has "
                    + config.diffIds().size() + " diff_ids");
        }
        long named =
                config.history().stream().filter(entry -> !entry.emptyLayer()).count();
        // The history as a whole is optional (OCI image-spec "Image Configuration").
        if (!config.history().isEmpty() && named != layers) {
            problems.add(what + " has " + layers + " layers, its history tells of " + named);
        }
    }

    private void validateLayers(BlobSource source, Manifest manifest, ImageConfig config, List<String> problems) {
        LayerRules rules = new LayerRules(limits);
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            rules.read(
                    "layer " + layer.digest(),
                    new LayerBlobReader(source, layer, config.diffIds().get(i), limits));
        }
        problems.addAll(rules.problems());
    }

    private static boolean isConfig(String mediaType) {
        return mediaType.equals(MediaTypes.OCI_CONFIG) || mediaType.equals(MediaTypes.DOCKER_CONFIG);
    }

    private static byte[] read(BlobSource source, Descriptor blob, int limit) throws IOException {
        if (blob.size() > limit) {
            throw new IOException("blob " + blob.digest() + " has " + blob.size() + " bytes; the limit is " + limit);
        }
        try (InputStream in = source.open(blob)) {
            return in.readAllBytes();
        }
    }
}
