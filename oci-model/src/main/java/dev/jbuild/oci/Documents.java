package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What manifests and indexes have in common. */
final class Documents {
    private Documents() {}

    static void requireType(JsonNode root, String expectedType, String what) throws IOException {
        if (root.path("schemaVersion").asInt() != 2) {
            throw new IOException(what + " has schemaVersion " + root.path("schemaVersion") + "; only 2 is supported");
        }
        String inside = Json.text(root, "mediaType");
        if (!inside.isEmpty() && !inside.equals(expectedType)) {
            throw new IOException(what + " says it is " + inside + ", its descriptor says " + expectedType);
        }
    }
}
