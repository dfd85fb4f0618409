package dev.jbuild.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The directories in which the host's programs (runc, pasta) are looked for. */
public record SearchPath(List<Path> directories) {
    private static final List<String> SYSTEM = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    public SearchPath {
        directories = List.copyOf(directories);
    }

    /** Reads a PATH variable; its relative directories are left out, and the sbin ones are added (runc lives there). */
    public static SearchPath of(String variable) {
        List<Path> directories = new ArrayList<>();
        int start = 0;
        for (int end = 0; end >= 0; start = end + 1) {
            end = variable.indexOf(':', start);
            addAbsolute(directories, end < 0 ? variable.substring(start) : variable.substring(start, end));
        }
        SYSTEM.forEach(directory -> addAbsolute(directories, directory));
        return new SearchPath(directories);
    }

    /** The first executable file of that name. */
    public Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static void addAbsolute(List<Path> directories, String text) {
        if (text.startsWith("/") && !directories.contains(Path.of(text))) {
            directories.add(Path.of(text));
        }
    }
}
