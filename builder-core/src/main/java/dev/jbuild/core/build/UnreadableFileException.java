package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.LinuxException;
import java.io.IOException;

/** A file that the user gave a build cannot be read: the build's affair, not the store's. */
final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param place what the file is in: {@code the build context} */
    UnreadableFileException(EntryPath path, String place, LinuxException cause) {
        super(
                "\"/" + path.text() + "\" in " + place + " cannot be read: " + cause.meaning() + " (" + cause.call()
                        + ": " + cause.errnoName() + "); " + advice(cause),
                cause);
    }

    private static String advice(LinuxException cause) {
        return switch (cause.errnoName()) {
            case "EACCES", "EPERM" ->
                "let this user read it (chmod u+r, of a directory u+rx), or leave it out by .dockerignore";
            default -> "leave it out by .dockerignore if the build does without it";
        };
    }
}
