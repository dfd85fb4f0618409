package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** The JDK's modules that jbuild needs, linked into an image of their own: its user needs no JDK. */
final class RuntimeImage {
    /** Jars of others are automatic modules, which cannot be linked; so only the JDK's modules are here. */
    private static final List<String> MODULES = List.of(
            "java.base",
            // The HTTP client: logging, host name checks, SPNEGO.
            "java.logging",
            "java.naming",
            "java.security.jgss",
            // Unsafe, for the compressors' native bindings.
            "jdk.unsupported",
            // Nobody connects to a database: picocli looks for three classes of it at each start, and that they are
            // missing is only known when every jar has been opened.
            "java.sql",
            // Modules that only exist to be found: elliptic curves were one until JDK 22.
            "jdk.crypto.ec");

    private RuntimeImage() {}

    /** Links the image, unless the one that is there is of this very JDK and these modules. */
    static void link(Path image) throws IOException {
        Path marker = image.resolve("linked-from");
        String wanted = Runtime.version() + " " + System.getProperty("java.vm.vendor") + " " + MODULES + "\n";
        if (Files.exists(marker) && Files.readString(marker).equals(wanted)) {
            return;
        }
        Trees.delete(image);
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IOException("this JDK has no jlink: " + System.getProperty("java.home")));
        int code = jlink.run(
                System.out,
                System.err,
                "--add-modules",
                String.join(",", MODULES),
                "--output",
                image.toString(),
                "--no-header-files",
                "--no-man-pages",
                "--strip-java-debug-attributes");
        if (code != 0) {
            throw new IOException("jlink ended with code " + code);
        }
        Files.writeString(marker, wanted);
    }
}
