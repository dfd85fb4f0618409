package dev.jbuild.dockerfile.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintRuleTest {
    @ParameterizedTest
    @CsvSource({
        "StageNameCasing, stage-name-casing",
        "JSONArgsRecommended, json-args-recommended",
        "UndefinedArgInFrom, undefined-arg-in-from",
        "SecretsUsedInArgOrEnv, secrets-used-in-arg-or-env"
    })
    void aRuleIsDocumentedUnderItsNameInKebabCase(String word, String path) {
        assertThat(LintRule.named(word).orElseThrow().url()).endsWith("/dockerfile/rule/" + path + "/");
    }
}
