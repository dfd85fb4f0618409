package dev.jbuild.cli.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** An image that a builder made, and where its blobs are read. */
public final class BuiltImage {
    private final BlobSource source;
    private final Manifest manifest;
    private final JsonNode config;

    private BuiltImage(BlobSource source, Manifest manifest, JsonNode config) {
        this.source = source;
        this.manifest = manifest;
        this.config = config;
    }

    /** Reads manifest and config; layers are read when they are asked for. */
    public static BuiltImage read(BlobSource source, byte[] document, String mediaType) throws IOException {
        Manifest manifest = Manifest.parse(document, mediaType, "manifest");
        return new BuiltImage(
                source, manifest, Json.parseObject(bytes(source, manifest.config()), ImageConfig.MAX_BYTES, "config"));
    }

    JsonNode config() {
        return config;
    }

    /** The tars of the layers that this image has on top of a base; all, when the base is not its own. */
    List<byte[]> layersAbove(BuiltImage base) throws IOException {
        List<Descriptor> layers = manifest.layers();
        return tars(isOn(base) ? layers.subList(base.manifest.layers().size(), layers.size()) : layers);
    }

    /** The tars of all layers, the lowest first. */
    List<byte[]> layers() throws IOException {
        return tars(manifest.layers());
    }

    /** Whether the lowest layers of this image are those of the base. */
    boolean isOn(BuiltImage base) throws IOException {
        List<String> below = base.diffIds();
        List<String> all = diffIds();
        return all.size() >= below.size() && all.subList(0, below.size()).equals(below);
    }

    private List<byte[]> tars(List<Descriptor> layers) throws IOException {
        List<byte[]> tars = new ArrayList<>();
        for (Descriptor layer : layers) {
            tars.add(tar(layer));
        }
        return tars;
    }

    private List<String> diffIds() throws IOException {
        return Json.texts(config.path("rootfs"), "diff_ids");
    }

    private byte[] tar(Descriptor layer) throws IOException {
        try (InputStream in = source.open(layer)) {
            boolean compressed = layer.mediaType().endsWith("gzip");
            return compressed ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
        }
    }

    private static byte[] bytes(BlobSource source, Descriptor blob) throws IOException {
        try (InputStream in = source.open(blob)) {
            return in.readAllBytes();
        }
    }
}
