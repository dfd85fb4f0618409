package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A base image with busybox and whatever a test puts into it, config included, as an OCI layout. */
final class HostileBase {
    static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final TreeMap<String, LayerEntry> entries = new TreeMap<>();
    private final TreeMap<String, byte[]> contents = new TreeMap<>();
    private final ObjectNode config = MAPPER.createObjectNode();

    HostileBase() throws IOException {
        assumeTrue(Files.isExecutable(BUSYBOX), "needs /bin/busybox: apt install busybox-static");
        directory("bin").directory("etc").entry(LayerEntry.directory(EntryPath.of("tmp"), 01777));
        file("bin/busybox", 0755, Files.readAllBytes(BUSYBOX)).link("bin/sh", "busybox");
        file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n");
    }

    HostileBase directory(String path) {
        return entry(LayerEntry.directory(EntryPath.of(path), 0755));
    }

    /** Attributes are kept as a layer has them until all of it is read. */
    HostileBase directory(String path, SortedMap<String, Bytes> attributes) {
        return entry(LayerEntry.directory(EntryPath.of(path), 0755).withXattrs(attributes));
    }

    HostileBase file(String path, String content) {
        return file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
    }

    HostileBase file(String path, int mode, byte[] content) {
        contents.put(path, content);
        return entry(LayerEntry.file(EntryPath.of(path), mode, content.length));
    }

    HostileBase fifo(String path) {
        return entry(LayerEntry.of(EntryPath.of(path), LayerEntry.Type.FIFO, 0644));
    }

    /** A link in the place of a file, or of a directory and all that is in it. */
    HostileBase link(String path, String target) {
        entries.keySet().removeIf(other -> other.startsWith(path + "/"));
        return entry(LayerEntry.symlink(EntryPath.of(path), Bytes.of(target)));
    }

    private HostileBase entry(LayerEntry entry) {
        entries.put(entry.path().toString(), entry);
        return this;
    }

    /** A field of the config's config: User, WorkingDir. */
    HostileBase config(String field, String value) {
        config.put(field, value);
        return this;
    }

    /** A list there: Env, OnBuild, Shell. */
    HostileBase config(String field, List<String> values) {
        ArrayNode array = config.putArray(field);
        values.forEach(array::add);
        return this;
    }

    /** Writes the layout into a folder that is not there yet. */
    void writeTo(Path folder) throws IOException {
        try (Store layout = Store.open(folder, Linux.system())) {
            write(layout, writeLayer(layout, Compression.GZIP));
        }
    }

    /** The same with the largest window that zstd has without being asked for a larger one, 128 MiB. */
    void writeWithLargeWindowTo(Path folder) throws IOException {
        try (Store layout = Store.open(folder, Linux.system())) {
            WrittenLayer plain = writeLayer(layout, Compression.NONE);
            try (InputStream tar = layout.blobs().open(plain.descriptor())) {
                Descriptor blob =
                        layout.blobs().put(MediaTypes.OCI_LAYER_ZSTD, LargeWindow.compress(tar.readAllBytes()));
                write(layout, new WrittenLayer(plain.diffId(), blob));
            }
        }
    }

    private WrittenLayer writeLayer(Store layout, Compression compression) throws IOException {
        try (LayerBlobWriter writer = new LayerBlobWriter(1)) {
            return writer.write(
                    sink -> {
                        for (Map.Entry<String, LayerEntry> entry : entries.entrySet()) {
                            byte[] content = contents.getOrDefault(entry.getKey(), new byte[0]);
                            boolean isFile = entry.getValue().type() == LayerEntry.Type.FILE;
                            sink.put(entry.getValue(), new ByteArrayInputStream(isFile ? content : new byte[0]));
                        }
                    },
                    layout.blobs(),
                    compression);
        }
    }

    private void write(Store layout, WrittenLayer layer) throws IOException {
        Descriptor document = layout.blobs().put(MediaTypes.OCI_CONFIG, document(layer));
        Manifest manifest = Manifest.oci(document, List.of(layer.descriptor()), Map.of());
        Descriptor top = layout.blobs().put(MediaTypes.OCI_MANIFEST, manifest.toBytes());
        layout.images().put(ImageName.parse("hostile"), top);
    }

    private byte[] document(WrittenLayer layer) throws IOException {
        ObjectNode document = MAPPER.createObjectNode();
        Platform platform = Platform.ofJavaArch(System.getProperty("os.arch"));
        document.put("os", platform.os()).put("architecture", platform.architecture());
        document.set("config", config);
        document.putObject("rootfs")
                .put("type", "layers")
                .putArray("diff_ids")
                .add(layer.diffId().toString());
        document.putArray("history").addObject().put("created_by", "a trap");
        return MAPPER.writeValueAsBytes(document);
    }
}
