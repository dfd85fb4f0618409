package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformNamesTest {
    @ParameterizedTest
    @CsvSource({"linux/amd46, linux/amd64", "linx/arm64, linux/arm64", "linx/amr/v7, linux/arm/v7", "amd46, amd64"})
    void aMisspeltPlatformIsNearToTheOneThatIsMeant(String text, String meant) {
        assertThat(PlatformNames.near(text)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux/amd64", "linux/quantum", "", "/", "toaster/bread/x/y"})
    void whatIsRightOrNearToNothingHasNoNeighbour(String text) {
        assertThat(PlatformNames.near(text)).isEmpty();
    }
}
