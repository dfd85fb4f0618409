package dev.jbuild.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.api.FileFailure;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that tell scripts what was built: {@code --iidfile} and {@code --metadata-file}. */
record ResultFiles(Optional<Path> imageId, Optional<Path> metadata) {
    static ResultFiles of(Arguments arguments, Surroundings surroundings) {
        return new ResultFiles(
                file(arguments, "--iidfile", surroundings), file(arguments, "--metadata-file", surroundings));
    }

    /** As for Docker an empty name is none. */
    private static Optional<Path> file(Arguments arguments, String flag, Surroundings surroundings) {
        return arguments.last(flag).filter(name -> !name.isEmpty()).map(surroundings.directory()::resolve);
    }

    /** Removes the files of an earlier build, so that a failed one leaves none. */
    void removeStale() throws BuildException {
        List<Path> files = Stream.concat(imageId.stream(), metadata.stream()).toList();
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw cannotWrite(file, e);
            }
        }
    }

    void write(BuildResult result) throws BuildException {
        if (imageId.isPresent()) {
            write(imageId.get(), result.config().digest().toString().getBytes(StandardCharsets.US_ASCII));
        }
        if (metadata.isPresent()) {
            write(metadata.get(), Json.pretty(document(result)).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** BuildKit's keys. */
    private static ObjectNode document(BuildResult result) {
        ObjectNode root = Json.object();
        // The images of an index have a config each, so that there is no one to name.
        if (!result.isIndex()) {
            root.put("containerimage.config.digest", result.config().digest().toString());
        }
        ObjectNode descriptor = root.putObject("containerimage.descriptor");
        descriptor.put("mediaType", result.manifest().mediaType());
        descriptor.put("digest", result.manifest().digest().toString());
        descriptor.put("size", result.manifest().size());
        root.put("containerimage.digest", result.manifest().digest().toString());
        if (!result.tags().isEmpty()) {
            root.put(
                    "image.name",
                    result.tags().stream().map(ImageName::toString).collect(Collectors.joining(",")));
        }
        return root;
    }

    private static void write(Path file, byte[] content) throws BuildException {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static BuildException cannotWrite(Path file, IOException e) {
        return new BuildException(BuildException.Kind.STORE, "cannot write " + file + ": " + FileFailure.reason(e), e);
    }
}
