package dev.jbuild.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The C launcher out of runtime-exec's jar, as a program: the wrapper starts it before there is a JVM. */
final class LauncherBinary {
    private static final String RESOURCE = "dev/jbuild/runtime/jbuild-launcher";

    private LauncherBinary() {}

    static void extract(List<Path> jars, Path to) throws IOException {
        for (Path jar : jars) {
            if (extract(jar, to)) {
                return;
            }
        }
        throw new IOException("no jar of the class path holds " + RESOURCE);
    }

    private static boolean extract(Path jar, Path to) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry entry = file.getJarEntry(RESOURCE);
            if (entry == null) {
                return false;
            }
            try (InputStream in = file.getInputStream(entry)) {
                Files.copy(in, to);
            }
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
            return true;
        }
    }
}
