package dev.jbuild.cli;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.Annotation.Place;
import dev.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Annotations as they are typed, by {@code --annotation} and by the attributes of {@code --output}. */
final class AnnotationArgument {
    private static final String FLAG = "--annotation";

    private AnnotationArgument() {}

    /** Reads {@code [PLACE[PLATFORM],…:]KEY=VALUE}; without a place the manifest is meant. */
    static List<Annotation> parse(String text) throws UsageException {
        int equals = text.indexOf('=');
        int colon = text.lastIndexOf(':', Math.max(0, equals));
        String places = colon > 0 ? text.substring(0, colon) : "manifest";
        if (equals < 0 || equals == colon + 1 || equals == 0) {
            throw new UsageException(FLAG + " needs KEY=VALUE, not \"" + text + "\"");
        }
        String key = text.substring(colon > 0 ? colon + 1 : 0, equals);
        List<Annotation> annotations = new ArrayList<>();
        for (String place : places.split(",", -1)) {
            annotations.add(annotation(FLAG, place, key, text.substring(equals + 1)));
        }
        return annotations;
    }

    /** Whether this is the name of an output's attribute that annotates: {@code annotation-PLACE[PLATFORM].KEY}. */
    static boolean isAttribute(String name) {
        return name.startsWith("annotation.") || name.startsWith("annotation-") || name.startsWith("annotation[");
    }

    static Annotation ofAttribute(String name, String value) throws UsageException {
        int bracket = name.indexOf(']');
        int dot = name.indexOf('.', Math.max(0, bracket));
        if (dot < 0 || dot == name.length() - 1) {
            throw new UsageException("--output: \"" + name + "\" names no annotation; write annotation.KEY=VALUE");
        }
        String place = name.substring("annotation".length(), dot);
        String named = place.startsWith("-") ? place.substring(1) : "manifest" + place;
        return annotation("--output", named, name.substring(dot + 1), value);
    }

    private static Annotation annotation(String flag, String place, String key, String value) throws UsageException {
        int bracket = place.indexOf('[');
        boolean closed = place.endsWith("]");
        if (bracket < 0) {
            return new Annotation(place(flag, place), Optional.empty(), key, value);
        }
        if (!closed) {
            throw new UsageException(flag + ": the bracket of \"" + place + "\" is not closed");
        }
        Platform platform = Values.platform(place.substring(bracket + 1, place.length() - 1));
        return new Annotation(place(flag, place.substring(0, bracket)), Optional.of(platform), key, value);
    }

    private static Place place(String flag, String name) throws UsageException {
        for (Place place : Place.values()) {
            if (place.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
                return place;
            }
        }
        throw new UsageException(flag + ": an annotation cannot stand in \"" + name
                + "\" (known: manifest, index, manifest-descriptor, index-descriptor)");
    }
}
