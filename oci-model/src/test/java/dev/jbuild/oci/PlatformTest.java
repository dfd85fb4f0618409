package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "amd64, linux/amd64",
        "linux/amd64/v1, linux/amd64",
        "linux/amd64/v3, linux/amd64/v3",
        "linux/x86_64, linux/amd64",
        "x86-64, linux/amd64",
        "linux/aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm, linux/arm/v7",
        "linux/arm/v6, linux/arm/v6",
        "armhf, linux/arm/v7",
        "armel, linux/arm/v6",
        "i386, linux/386",
        "windows/amd64, windows/amd64",
        "LINUX/ARM64/V8, linux/arm64",
        "linux/arm64/8, linux/arm64",
        "linux/arm/7, linux/arm/v7",
        "linux/i386/x, linux/386",
        "linux/amd46, linux/amd46",
        "linx/amd64, linx/amd64"
    })
    void readsDockersAliases(String text, String normal) {
        assertThat(Platform.parse(text)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "linux/", "/amd64", "a/b/c/d", "linux/am d64", "linux/amd64\n", "*", "amd46", "linux"})
    void refusesWhatIsNoPlatform(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse(text));
    }

    @Test
    void anOperatingSystemAloneIsOnTheMachinesArchitecture() {
        Platform machine = Platform.parse("linux/arm/v6");
        assertThat(Platform.parse("linux", machine)).hasToString("linux/arm/v6");
        assertThat(Platform.parse("Windows", machine)).hasToString("windows/arm/v6");
        assertThat(Platform.parse("amd64", machine)).hasToString("linux/amd64");
    }

    @Test
    void namesTheMachineFromJavasName() {
        assertThat(Platform.ofJavaArch("aarch64")).hasToString("linux/arm64");
    }

    @Test
    void requestWithoutVariantTakesAnyVariant() {
        assertThat(Platform.parse("linux/amd64").accepts(Platform.parse("linux/amd64/v3")))
                .isTrue();
        assertThat(Platform.parse("linux/arm/v6").accepts(Platform.parse("linux/arm/v7")))
                .isFalse();
        assertThat(Platform.parse("linux/amd64").accepts(Platform.parse("windows/amd64")))
                .isFalse();
    }
}
