package dev.jbuild.layer.image;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The documents at the top of an OCI image layout, as BuildKit's exporter fills them. */
final class LayoutIndex {
    static final byte[] VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private static final String NAME = "io.containerd.image.name";
    private static final String REFERENCE = "org.opencontainers.image.ref.name";

    private LayoutIndex() {}

    /** One entry for each name, or a nameless one. */
    static byte[] of(Descriptor image, List<ImageName> names) {
        List<Index.Entry> entries = new ArrayList<>();
        for (ImageName name : names) {
            entries.add(entry(image, Map.of(NAME, name.toString(), REFERENCE, name.reference())));
        }
        if (names.isEmpty()) {
            entries.add(entry(image, Map.of()));
        }
        return Index.oci(entries).toBytes();
    }

    private static Index.Entry entry(Descriptor image, Map<String, String> annotations) {
        return new Index.Entry(
                new Descriptor(image.mediaType(), image.digest(), image.size(), annotations), Optional.empty());
    }
}
