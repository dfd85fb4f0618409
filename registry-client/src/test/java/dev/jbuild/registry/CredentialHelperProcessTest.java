package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialHelperProcessTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "../evil", "a b", "a/b", "a\0b", "a;b"})
    void theNameOfAHelperCannotLeadElsewhere(String name) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CredentialHelperProcess().get(name, "r.io"))
                .withMessageContaining("not the name of a credential helper");
    }

    @Test
    void aHelperThatIsNotInstalledIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CredentialHelperProcess().get("of-nobody", "r.io"))
                .withMessageContaining("docker-credential-of-nobody");
    }
}
