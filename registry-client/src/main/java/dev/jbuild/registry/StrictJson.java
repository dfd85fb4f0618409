package dev.jbuild.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Json;
import java.io.IOException;

/** JSON that a server sent. That it is not as it must be is the server's fault and lasts: nobody need ask again. */
final class StrictJson {
    /** Takes from a document what is wanted of it. */
    @FunctionalInterface
    interface Reading<T> {
        T of(JsonNode object) throws IOException;
    }

    private StrictJson() {}

    static <T> T read(byte[] document, int limit, String what, Reading<T> reading) throws RegistryException {
        try {
            return reading.of(Json.parseObject(document, limit, what));
        } catch (RegistryException e) {
            throw e;
        } catch (IOException e) {
            throw new RegistryException(RegistryException.Kind.REFUSED, what + ": " + e.getMessage(), e);
        }
    }
}
