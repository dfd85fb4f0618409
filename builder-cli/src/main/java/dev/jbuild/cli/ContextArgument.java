package dev.jbuild.cli;

import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.oci.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads build contexts as they are typed: the one of the build, and those with names. */
record ContextArgument(Path directory) {
    private static final String FLAG = "--build-context";
    private static final String IMAGE = "docker-image://";
    private static final String LAYOUT = "oci-layout://";
    private static final String TARGET = "target:";

    /** A directory, else an address; standard input is the caller's. */
    ContextSource context(String text) throws UsageException {
        Path path = directory.resolve(text);
        if (Files.isDirectory(path)) {
            return new ContextSource.Directory(path);
        }
        if (isRemote(text)) {
            return new ContextSource.Remote(text);
        }
        throw new UsageException("the build context is not a directory, nor an address of one: " + text);
    }

    /** {@code NAME=VALUE}. */
    Map.Entry<String, NamedContext> named(String text) throws UsageException {
        Map.Entry<String, String> pair = Values.assignment(FLAG, text);
        if (pair.getValue().isEmpty()) {
            throw new UsageException(FLAG + " needs NAME=VALUE, not \"" + text + "\"");
        }
        return Map.entry(pair.getKey(), value(pair.getValue()));
    }

    private NamedContext value(String text) throws UsageException {
        if (text.startsWith(IMAGE)) {
            String image = text.substring(IMAGE.length());
            return new NamedContext.Image(
                    image.equals("scratch") ? Optional.empty() : Optional.of(Values.imageName(image)));
        }
        if (text.startsWith(LAYOUT)) {
            return layout(text.substring(LAYOUT.length()));
        }
        if (text.startsWith(TARGET)) {
            return new NamedContext.Target(text.substring(TARGET.length()));
        }
        if (Files.isDirectory(directory.resolve(text))) {
            return new NamedContext.Directory(directory.resolve(text));
        }
        if (isRemote(text)) {
            return new NamedContext.Remote(text);
        }
        throw new UsageException(
                FLAG + ": " + text + " is not a directory, docker-image://, oci-layout://, target: or an address");
    }

    /** {@code PATH[:TAG][@DIGEST]}. */
    private NamedContext layout(String text) throws UsageException {
        int at = text.indexOf('@');
        String place = at < 0 ? text : text.substring(0, at);
        int colon = place.lastIndexOf(':');
        boolean hasTag = colon > place.lastIndexOf('/');
        Path folder = directory.resolve(hasTag ? place.substring(0, colon) : place);
        if (!Files.isDirectory(folder)) {
            throw new UsageException(FLAG + ": the OCI layout is not a directory: " + place);
        }
        try {
            return new NamedContext.Layout(
                    folder,
                    hasTag ? Optional.of(place.substring(colon + 1)) : Optional.empty(),
                    at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1))));
        } catch (IllegalArgumentException e) {
            throw new UsageException(FLAG + ": " + e.getMessage(), e);
        }
    }

    /** Docker's forms of a Git repository or URL. */
    private static boolean isRemote(String context) {
        return context.matches("(?i)(https?|git|ssh)://.+")
                || context.startsWith("github.com/")
                || context.matches("[\\w.-]+@[\\w.-]+:.+");
    }
}
