package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An image config: what the layers are made of and how a container starts (OCI image-spec "Image Configuration").
 *
 * @param created RFC 3339, as written
 * @param diffIds the digests of the uncompressed layers, lowest first
 */
public record ImageConfig(
        Platform platform,
        Optional<String> created,
        String author,
        ContainerConfig config,
        List<Digest> diffIds,
        List<History> history) {
    /** The largest config that is read, in bytes. */
    public static final int MAX_BYTES = 8 << 20;

    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /** The config of {@code FROM scratch}. */
    public static ImageConfig empty(Platform platform) {
        return new ImageConfig(platform, Optional.empty(), "", ContainerConfig.EMPTY, List.of(), List.of());
    }

    /**
     * Parses a config.
     *
     * @param what names the document in messages
     * @throws IOException when it is not one, or breaks a rule (an environment entry without {@code =}, CVE-2026-57231)
     */
    public static ImageConfig parse(byte[] document, String what) throws IOException {
        JsonNode root = Json.parseObject(document, MAX_BYTES, what);
        return new ConfigReader(what).read(root);
    }

    /** The document; equal configs give equal bytes. */
    public byte[] toBytes() {
        return Json.bytes(ConfigWriter.toJson(this));
    }

    public ImageConfig withConfig(ContainerConfig newConfig) {
        return new ImageConfig(platform, created, author, newConfig, diffIds, history);
    }

    public ImageConfig withAuthor(String newAuthor) {
        return new ImageConfig(platform, created, newAuthor, config, diffIds, history);
    }
}
