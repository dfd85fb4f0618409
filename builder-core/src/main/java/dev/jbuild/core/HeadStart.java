package dev.jbuild.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What every command comes to need and the JVM takes long to link the first time: calls of the kernel, digests, records, JSON.
 * Begun on a thread of its own while the command's words are read, so that it takes no time where there is a second processor.
 */
public final class HeadStart {
    private static final byte[] DOCUMENT = "{\"size\":1}".getBytes(StandardCharsets.US_ASCII);

    private HeadStart() {}

    /** Returns at once; a process that ends sooner does not wait for it. */
    public static void begin() {
        Thread.ofPlatform().daemon().name("head-start").start(HeadStart::run);
    }

    private static void run() {
        try {
            link();
        } catch (IOException | RuntimeException | LinkageError e) {
            // Who needs it meets it again, and says what is wrong.
            return;
        }
    }

    /** A document by its digest and by an image, for whom the kernel knows. */
    static Map<Record, JsonNode> link() throws IOException {
        long user = Linux.system().effectiveUid();
        JsonNode document = Json.parse(DOCUMENT, DOCUMENT.length, "the document of user " + user);
        Map<Record, JsonNode> documents = new HashMap<>();
        // Each twice, for the second is compared with the first.
        for (int i = 0; i < 2; i++) {
            documents.put(Digest.of(DOCUMENT), document);
            documents.put(new ImageRequest.Key(ImageName.parse("image"), Platform.parse("linux/amd64")), document);
        }
        return documents;
    }
}
