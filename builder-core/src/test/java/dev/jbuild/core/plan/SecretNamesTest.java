package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"API_KEY", "apikey", "DATABASE_PASSWORD", "GITHUB_TOKEN", "secret_MESSAGE", "AUTH", "key"})
    void aWordOfTheNameSaysThatItIsASecret(String name) {
        assertThat(SecretNames.isLikely(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MONKEY", "KEYBOARD", "AUTHOR", "TOKENS", "", "_"})
    void aPartOfAWordSaysNothing(String name) {
        assertThat(SecretNames.isLikely(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUBLIC_KEY", "DB_PASSWORD_FILE", "TOKEN_VERSION", "key_file"})
    void anotherWordMayTakeThatBack(String name) {
        assertThat(SecretNames.isLikely(name)).isFalse();
    }
}
