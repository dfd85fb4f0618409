package dev.jbuild.core.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What is wrong with a file, in words: many of the JDK's exceptions say its path and nothing else. */
public final class FileFailure {
    private FileFailure() {}

    /** The failure's message, with its cause where the class alone tells that. */
    public static String words(IOException failure) {
        return failure instanceof FileSystemException file && file.getFile() != null
                ? file.getFile() + ": " + reason(failure)
                : reason(failure);
    }

    /** The same without the file, for where that is named already: a failed write, as on a full disk, does not name it. */
    public static String reason(IOException failure) {
        if (failure instanceof FileSystemException file) {
            return file.getReason() == null ? reason(file) : file.getReason();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "not a directory";
            case DirectoryNotEmptyException _ -> "a directory that is not empty";
            case FileAlreadyExistsException _ -> "there is one already";
            default -> failure.getClass().getSimpleName();
        };
    }
}
