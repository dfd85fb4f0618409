package dev.jbuild.cli;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.layer.tar.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attributes of {@code --output} that say how an image is written. */
final class ImageFormArgument {
    private static final String FLAG = "--output";
    private static final int GZIP_LEVELS = 9;
    private static final int ZSTD_LEVELS = 22;

    private ImageFormArgument() {}

    /** Takes these attributes out of the fields. */
    static ImageForm take(Map<String, String> fields) throws UsageException {
        Compression compression = compression(take(fields, "compression"), take(fields, "compression-level"));
        boolean everyLayer = bool(fields, "force-compression", false);
        boolean rewritesTimes = bool(fields, "rewrite-timestamp", false);
        boolean ociTypes = bool(fields, "oci-mediatypes", true);
        try {
            return new ImageForm(compression, everyLayer, rewritesTimes, ociTypes, annotations(fields));
        } catch (IllegalArgumentException e) {
            throw new UsageException(FLAG + ": " + e.getMessage(), e);
        }
    }

    private static List<Annotation> annotations(Map<String, String> fields) throws UsageException {
        List<Annotation> annotations = new ArrayList<>();
        for (String name : List.copyOf(fields.keySet())) {
            if (AnnotationArgument.isAttribute(name)) {
                String value = fields.remove(name);
                annotations.add(AnnotationArgument.ofAttribute(name, value == null ? "" : value));
            }
        }
        return annotations;
    }

    private static Compression compression(Optional<String> name, Optional<String> level) throws UsageException {
        return switch (name.orElse("gzip")) {
            case "uncompressed" -> Compression.NONE;
            case "gzip" -> leveled(Compression.GZIP, level, GZIP_LEVELS);
            case "zstd" -> leveled(Compression.ZSTD, level, ZSTD_LEVELS);
            default ->
                throw new UsageException(
                        FLAG + ": compression=" + name.get() + " is not one of uncompressed, gzip and zstd");
        };
    }

    private static Compression leveled(Compression standard, Optional<String> level, int highest)
            throws UsageException {
        if (level.isEmpty()) {
            return standard;
        }
        int lowest = standard.format() == Compression.Format.ZSTD ? 1 : 0;
        String text = level.get();
        boolean isNumber = !text.isEmpty() && text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || Integer.parseInt(text) < lowest || Integer.parseInt(text) > highest) {
            throw new UsageException(
                    FLAG + ": compression-level=" + text + " is not a number from " + lowest + " to " + highest);
        }
        return new Compression(standard.format(), Integer.parseInt(text));
    }

    private static boolean bool(Map<String, String> fields, String key, boolean otherwise) throws UsageException {
        Optional<String> value = take(fields, key);
        return value.isPresent() ? Values.bool(FLAG + " " + key, value.get()) : otherwise;
    }

    private static Optional<String> take(Map<String, String> fields, String key) {
        return Optional.ofNullable(fields.remove(key));
    }
}
