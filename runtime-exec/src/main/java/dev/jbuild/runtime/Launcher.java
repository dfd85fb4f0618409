package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.ForkingStarter;
import dev.jbuild.runtime.launch.ProcessStarter;
import dev.jbuild.runtime.launch.Starter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The small static C program that enters namespaces on behalf of the JVM, which cannot: it has many threads.
 *
 * @param starter how it is started for a step
 */
public record Launcher(Path file, Starter starter) {
    /** Its name beside a distribution and in this room's jar. */
    public static final String NAME = "jbuild-launcher";

    /** As a process of this JVM's. */
    public Launcher(Path file) {
        this(file, new ProcessStarter(file));
    }

    /**
     * The same, started by the starter that {@code launcher enter} left beside this JVM, where there is one.
     *
     * @param starter the value of {@link ForkingStarter#VARIABLE}
     */
    public Launcher startedBy(String starter) {
        return new Launcher(file, ForkingStarter.parse(starter, new ProcessStarter(file)));
    }

    /**
     * The launcher shipped beside a distribution, else the one in this room's jar, copied to where it can be executed.
     *
     * @param shipped where a distribution keeps it; need not exist
     * @param privateDirectory a directory of the user's own (mode 0700) on a filesystem without noexec
     */
    public static Launcher locate(Path shipped, Path privateDirectory) throws IOException {
        return Files.isExecutable(shipped) ? new Launcher(shipped) : extract(privateDirectory);
    }

    /** Copies the launcher out of the jar; a running copy of it is replaced, never written to (ETXTBSY). */
    public static Launcher extract(Path privateDirectory) throws IOException {
        Path target = privateDirectory.resolve(NAME);
        Path fresh = Files.createTempFile(privateDirectory, NAME, ".tmp");
        try (InputStream program = resource()) {
            Files.copy(program, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return new Launcher(target);
    }

    private static InputStream resource() throws RuntimeUnavailableException {
        InputStream program = Launcher.class.getResourceAsStream(NAME);
        if (program == null) {
            throw new RuntimeUnavailableException(
                    "this jar was built without the launcher", "build runtime-exec on Linux with musl-tools or gcc");
        }
        return program;
    }
}
