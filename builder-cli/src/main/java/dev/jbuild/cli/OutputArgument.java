package dev.jbuild.cli;

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
 * @param output a place beside the store; empty when the value only speaks of names and pushing
 * @param names names to give to the image
 * @param push whether to push it
 */
record OutputArgument(Optional<Output> output, List<ImageName> names, boolean push) {
    private static final String FLAG = "--output";

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
        OutputArgument output = switch (type) {
            case "oci" -> file(Output.Kind.OCI, fields, directory);
            case "docker" -> file(Output.Kind.DOCKER, fields, directory);
            case "tar" -> file(Output.Kind.TAR, fields, directory);
            case "local" -> local(fields, directory);
            case "image" -> image(fields, isTrue(fields, "push"));
            case "registry" -> image(fields, true);
            case "cacheonly" -> throw new UsageException("--output type=cacheonly is not supported yet");
            case "" -> throw new UsageException(FLAG + " " + text + ": type= is missing");
            default ->
                throw new UsageException(
                        FLAG + ": unknown type \"" + type + "\" (known: oci, docker, tar, local, image, registry)");
        };
        if (!fields.isEmpty()) {
            throw new UsageException(
                    FLAG + " type=" + type + ": " + fields.keySet().iterator().next() + " is not supported yet");
        }
        return output;
    }

    /** Whether it is written to standard output. */
    static boolean isStream(Output output) {
        return output.destination().isEmpty();
    }

    private static OutputArgument file(Output.Kind kind, Map<String, String> fields, Path directory)
            throws UsageException {
        String destination = take(fields, "dest");
        List<ImageName> names = names(take(fields, "name"));
        if (fields.containsKey("tar") && !isTrue(fields, "tar")) {
            throw new UsageException("--output tar=false is not supported yet");
        }
        boolean stream = destination.isEmpty() || destination.equals("-");
        Output output = new Output(kind, stream ? Optional.empty() : Optional.of(directory.resolve(destination)));
        return new OutputArgument(Optional.of(output), names, false);
    }

    private static OutputArgument local(Map<String, String> fields, Path directory) throws UsageException {
        String destination = take(fields, "dest");
        if (destination.isEmpty()) {
            throw new UsageException("--output type=local needs dest=DIRECTORY");
        }
        return to(new Output(Output.Kind.LOCAL, Optional.of(directory.resolve(destination))));
    }

    private static OutputArgument image(Map<String, String> fields, boolean push) throws UsageException {
        // What the store does anyway.
        if (fields.containsKey("store") && !isTrue(fields, "store")) {
            throw new UsageException("--output store=false is not supported yet");
        }
        return new OutputArgument(Optional.empty(), names(take(fields, "name")), push);
    }

    private static OutputArgument to(Output output) {
        return new OutputArgument(Optional.of(output), List.of(), false);
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
