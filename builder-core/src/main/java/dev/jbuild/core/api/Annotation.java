package dev.jbuild.core.api;

import dev.jbuild.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An annotation that an image is to carry (OCI image-spec "Annotations").
 *
 * @param platform of the only manifest that it is for; empty is all
 */
public record Annotation(Place place, Optional<Platform> platform, String key, String value) {
    /** Where in an image an annotation stands. */
    public enum Place {
        MANIFEST,
        /** The index of several platforms; an image without one cannot carry it. */
        INDEX,
        /** The descriptor by which an index names the manifest. */
        MANIFEST_DESCRIPTOR,
        /** The descriptor by which a layout or archive names the index. */
        INDEX_DESCRIPTOR
    }

    /** What stands in one place, for one platform where the place has one; of equal keys the last counts. */
    public static Map<String, String> at(Place place, Platform platform, List<Annotation> annotations) {
        Map<String, String> found = new TreeMap<>();
        for (Annotation annotation : annotations) {
            if (annotation.place == place
                    && annotation.platform.map(platform::equals).orElse(true)) {
                found.put(annotation.key, annotation.value);
            }
        }
        return found;
    }
}
