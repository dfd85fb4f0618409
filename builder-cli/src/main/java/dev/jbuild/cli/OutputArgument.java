package dev.jbuild.cli;

import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.api.Output;
import dev.jbuild.oci.ImageName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value of {@code --output}.
 *
 * @param output a place beside the store; empty when the value speaks of the image in the store and its registry
 * @param names names to give to the image
 * @param push whether to push it
 * @param pushByDigest whether to push it without its tag
 * @param store whether the image gets its names in the store
 * @param form how that image is written; empty when the value does not speak of it
 */
record OutputArgument(
        Optional<Output> output,
        List<ImageName> names,
        boolean push,
        boolean pushByDigest,
        boolean store,
        Optional<ImageForm> form) {
    private static final String FLAG = "--output";

    /** They steer what is BuildKit's alone; the image is the same without them. */
    private static final List<String> WITHOUT_EFFECT = List.of(
            "unpack",
            "dangling-name-prefix",
            "name-canonical",
            "buildinfo",
            "buildinfo-attrs",
            "attestation-prefix",
            "oci-artifact",
            "prefer-nondist-layers");

    private static final List<String> TYPES =
            List.of("oci", "docker", "tar", "local", "image", "registry", "cacheonly");

    OutputArgument {
        names = List.copyOf(names);
    }

    static OutputArgument parse(String text, Path directory) throws UsageException {
        // docker build's short forms: a directory, or a tar stream to standard output.
        if (text.equals("-")) {
            return to(new Output(Output.Kind.TAR, Optional.empty()));
        }
        if (text.indexOf('=') < 0 && text.indexOf(',') < 0) {
            return to(new Output(Output.Kind.LOCAL, Optional.of(directory.resolve(text))));
        }
        Map<String, String> fields = CommaSeparated.fields(FLAG, text);
        String type = take(fields, "type");
        WITHOUT_EFFECT.forEach(fields::remove);
        OutputArgument output = switch (type) {
            case "oci" -> archive(Output.Kind.OCI, fields, directory);
            case "docker" -> archive(Output.Kind.DOCKER, fields, directory);
            case "tar" -> tar(fields, directory);
            case "local" -> local(fields, directory);
            case "image" -> image(fields, isTrue(fields, "push"));
            case "registry" -> image(fields, true);
            case "cacheonly" -> new OutputArgument(Optional.empty(), List.of(), false, false, false, Optional.empty());
            case "" -> throw new UsageException(FLAG + " " + text + ": type= is missing");
            default ->
                throw new UsageException(FLAG + ": unknown type \"" + type + "\" (known: " + String.join(", ", TYPES)
                        + ")" + Nearest.hint(type, TYPES));
        };
        if (!fields.isEmpty()) {
            throw new UsageException(FLAG + " type=" + type + " has no attribute "
                    + fields.keySet().iterator().next());
        }
        return output;
    }

    /** Whether it is written to standard output. */
    static boolean isStream(Output output) {
        return output.destination().isEmpty();
    }

    private static OutputArgument archive(Output.Kind kind, Map<String, String> fields, Path directory)
            throws UsageException {
        Optional<Path> destination = destination(fields, directory);
        List<ImageName> names = names(take(fields, "name"));
        boolean asFolder = fields.containsKey("tar") && !isTrue(fields, "tar");
        if (asFolder && destination.isEmpty()) {
            throw new UsageException(FLAG + " tar=false needs dest=DIRECTORY");
        }
        Output output = new Output(kind, destination, ImageFormArgument.take(fields), asFolder, true);
        return new OutputArgument(Optional.of(output), names, false, false, true, Optional.empty());
    }

    private static OutputArgument tar(Map<String, String> fields, Path directory) throws UsageException {
        return to(filesystem(Output.Kind.TAR, destination(fields, directory), fields));
    }

    private static OutputArgument local(Map<String, String> fields, Path directory) throws UsageException {
        Optional<Path> destination = destination(fields, directory);
        if (destination.isEmpty()) {
            throw new UsageException("--output type=local needs dest=DIRECTORY");
        }
        return to(filesystem(Output.Kind.LOCAL, destination, fields));
    }

    private static Output filesystem(Output.Kind kind, Optional<Path> destination, Map<String, String> fields)
            throws UsageException {
        boolean split = !fields.containsKey("platform-split") || isTrue(fields, "platform-split");
        return new Output(kind, destination, ImageForm.DEFAULT, false, split);
    }

    private static OutputArgument image(Map<String, String> fields, boolean push) throws UsageException {
        boolean byDigest = isTrue(fields, "push-by-digest");
        boolean store = !fields.containsKey("store") || isTrue(fields, "store");
        List<ImageName> names = names(take(fields, "name"));
        return new OutputArgument(
                Optional.empty(), names, push, byDigest, store, Optional.of(ImageFormArgument.take(fields)));
    }

    private static OutputArgument to(Output output) {
        return new OutputArgument(Optional.of(output), List.of(), false, false, true, Optional.empty());
    }

    /** Empty is standard output. */
    private static Optional<Path> destination(Map<String, String> fields, Path directory) {
        String destination = take(fields, "dest");
        return destination.isEmpty() || destination.equals("-")
                ? Optional.empty()
                : Optional.of(directory.resolve(destination));
    }

    private static List<ImageName> names(String commaSeparated) throws UsageException {
        List<ImageName> names = new ArrayList<>();
        for (String name : commaSeparated.isEmpty() ? new String[0] : commaSeparated.split(",", -1)) {
            names.add(Values.imageName(name));
        }
        return names;
    }

    private static boolean isTrue(Map<String, String> fields, String key) throws UsageException {
        return Values.bool(FLAG + " " + key, fields.containsKey(key) ? take(fields, key) : "false");
    }

    private static String take(Map<String, String> fields, String key) {
        String value = fields.remove(key);
        return value == null ? "" : value;
    }
}
