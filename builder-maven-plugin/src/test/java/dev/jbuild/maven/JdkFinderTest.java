package dev.jbuild.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JdkFinderTest {
    @TempDir
    private Path jdk;

    @ParameterizedTest
    @CsvSource({"25.0.3, 25", "25, 25", "17.0.15, 17", "1.8.0_402, 1", "unknown, 0"})
    void theFeatureVersionIsReadFromTheReleaseFile(String version, int feature) throws IOException {
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        assertThat(JdkFinder.featureVersion(jdk)).isEqualTo(feature);
    }

    @Test
    void aDirectoryWithoutReleaseFileIsNoJdk() throws IOException {
        assertThat(JdkFinder.featureVersion(jdk)).isZero();
    }
}
