package dev.jbuild.maven;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** Finds a JDK for the engine: toolchains first, then {@code JAVA_HOME}, Maven's own, and where distributions put JVMs. */
final class JdkFinder {
    private static final int OLDEST = 25;
    private static final Path USUAL = Path.of("/usr/lib/jvm");

    private final ToolchainManager toolchains;
    private final @Nullable MavenSession session;
    private final @Nullable String javaHome;

    JdkFinder(ToolchainManager toolchains, @Nullable MavenSession session, @Nullable String javaHome) {
        this.toolchains = toolchains;
        this.session = session;
        this.javaHome = javaHome;
    }

    /** @throws IOException when there is none */
    Path find() throws IOException {
        for (Path candidate : candidates()) {
            if (featureVersion(candidate) >= OLDEST && Files.isExecutable(candidate.resolve("bin/java"))) {
                return candidate;
            }
        }
        throw new IOException("jbuild needs a JDK " + OLDEST + " or later, or a distribution in jbuild.home;"
                + " none is in the toolchains, in JAVA_HOME or in " + USUAL);
    }

    private List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        if (session != null) {
            for (Toolchain jdk : toolchains.getToolchains(session, "jdk", Map.of("version", "[" + OLDEST + ",)"))) {
                String java = jdk.findTool("java");
                if (java != null) {
                    candidates.add(Path.of(java).resolve("../..").normalize());
                }
            }
        }
        if (javaHome != null) {
            candidates.add(Path.of(javaHome));
        }
        candidates.add(Path.of(System.getProperty("java.home")));
        if (Files.isDirectory(USUAL)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(USUAL)) {
                found.forEach(candidates::add);
            }
        }
        return candidates;
    }

    /** The feature version from a JDK's release file, which spares starting it; 0 when it does not tell. */
    static int featureVersion(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(release)) {
            properties.load(in);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        int end = version.indexOf('.');
        String feature = end < 0 ? version : version.substring(0, end);
        return feature.matches("[0-9]{1,4}") ? Integer.parseInt(feature) : 0;
    }
}
