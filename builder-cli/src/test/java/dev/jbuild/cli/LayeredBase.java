package dev.jbuild.cli;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A base image with busybox whose second layer removes a file of the first and hides what is in a directory of it, as an OCI layout. */
final class LayeredBase {
    private LayeredBase() {}

    /** Writes the layout into a folder that is not there yet. */
    static void writeTo(Path folder, Path busybox) throws IOException {
        byte[] program = Files.readAllBytes(busybox);
        byte[] text = "text\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        LayerSource lower = sink -> {
            sink.put(LayerEntry.file(EntryPath.of("busybox"), 0755, program.length), new ByteArrayInputStream(program));
            for (String directory : List.of("removed", "replaced")) {
                sink.put(LayerEntry.directory(EntryPath.of(directory), 0755), new ByteArrayInputStream(new byte[0]));
                LayerEntry file = LayerEntry.file(EntryPath.of(directory + "/file"), 0644, text.length);
                sink.put(file.withOwner(1000, 1000), new ByteArrayInputStream(text));
            }
        };
        LayerSource upper = sink -> {
            sink.put(LayerEntry.whiteout(EntryPath.of("removed/file")), new ByteArrayInputStream(new byte[0]));
            sink.put(LayerEntry.directory(EntryPath.of("replaced"), 0700), new ByteArrayInputStream(new byte[0]));
            sink.put(LayerEntry.opaque(EntryPath.of("replaced")), new ByteArrayInputStream(new byte[0]));
            LayerEntry other = LayerEntry.file(EntryPath.of("replaced/other"), 0644, text.length);
            sink.put(other, new ByteArrayInputStream(text));
        };
        try (Store layout = Store.open(folder, Linux.system());
                LayerBlobWriter writer = new LayerBlobWriter(1)) {
            List<WrittenLayer> layers = new ArrayList<>();
            for (LayerSource source : List.of(lower, upper)) {
                layers.add(writer.write(source, layout.blobs(), Compression.GZIP));
            }
            Descriptor config = layout.blobs().put(MediaTypes.OCI_CONFIG, config(layers));
            List<Descriptor> blobs =
                    layers.stream().map(WrittenLayer::descriptor).toList();
            byte[] manifest = Manifest.oci(config, blobs, Map.of()).toBytes();
            layout.images().put(ImageName.parse("base"), layout.blobs().put(MediaTypes.OCI_MANIFEST, manifest));
        }
    }

    private static byte[] config(List<WrittenLayer> layers) {
        Platform platform = Platform.ofJavaArch(System.getProperty("os.arch"));
        String diffIds =
                layers.stream().map(layer -> "\"" + layer.diffId() + "\"").collect(Collectors.joining(","));
        return ("{\"os\":\"" + platform.os() + "\",\"architecture\":\"" + platform.architecture()
                        + "\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
