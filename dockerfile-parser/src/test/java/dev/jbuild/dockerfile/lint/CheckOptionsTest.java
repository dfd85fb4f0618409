package dev.jbuild.dockerfile.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.dockerfile.ExpansionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckOptionsTest {
    @Test
    void experimentalRulesSpeakOnlyWhenAsked() throws ExpansionException {
        assertThat(CheckOptions.DEFAULT.allows(LintRule.COPY_IGNORED_FILE)).isFalse();
        assertThat(CheckOptions.DEFAULT.allows(LintRule.UNDEFINED_VAR)).isTrue();
        assertThat(CheckOptions.parse("experimental=CopyIgnoredFile").allows(LintRule.COPY_IGNORED_FILE))
                .isTrue();
        assertThat(CheckOptions.parse("experimental=all").allows(LintRule.COPY_IGNORED_FILE))
                .isTrue();
    }

    @Test
    void skippedRulesAreSilent() throws ExpansionException {
        CheckOptions options = CheckOptions.parse(" skip = UndefinedVar , FromAsCasing ; error = true ");
        assertThat(options.allows(LintRule.UNDEFINED_VAR)).isFalse();
        assertThat(options.allows(LintRule.FROM_AS_CASING)).isFalse();
        assertThat(options.allows(LintRule.STAGE_NAME_CASING)).isTrue();
        assertThat(options.error()).isTrue();
    }

    @Test
    void skippingAllLeavesTheExperimentalOnesThatAreAskedFor() throws ExpansionException {
        CheckOptions options = CheckOptions.parse("skip=all;experimental=all");
        assertThat(options.allows(LintRule.UNDEFINED_VAR)).isFalse();
        assertThat(options.allows(LintRule.COPY_IGNORED_FILE)).isTrue();
    }

    @Test
    void anotherWordIsRefusedAndTheNearestSuggested() {
        assertThatThrownBy(() -> CheckOptions.parse("skp=all"))
                .isInstanceOfSatisfying(
                        ExpansionException.class,
                        e -> assertThat(e.suggestion()).contains("skip="))
                .hasMessage("invalid check option \"skp=all\": it is skip=RULES, error=true or experimental=RULES");
        assertThatThrownBy(() -> CheckOptions.parse("error=perhaps"))
                .hasMessage("invalid check option \"error=perhaps\": error is true or false");
        assertThatThrownBy(() -> CheckOptions.parse("skip")).hasMessageContaining("invalid check option \"skip\"");
    }

    @Test
    void aCommentAboveAnInstructionSilencesRulesThereOnly() throws ExpansionException {
        CheckOptions options = CheckOptions.parse("skip=UndefinedVar");
        CheckOptions there = options.withComments(List.of("words", "check=skip=FromAsCasing because"));
        assertThat(there.allows(LintRule.FROM_AS_CASING)).isFalse();
        assertThat(there.allows(LintRule.UNDEFINED_VAR)).isFalse();
        assertThat(options.allows(LintRule.FROM_AS_CASING)).isTrue();
        assertThat(options.withComments(List.of("check=nonsense", "check = nothing else"))
                        .allows(LintRule.FROM_AS_CASING))
                .isTrue();
    }

    @Test
    void rulesHaveTheNamesThatUsersWrite() {
        assertThat(LintRule.words()).hasSize(22).doesNotHaveDuplicates();
        assertThat(LintRule.named("JSONArgsRecommended")).contains(LintRule.JSON_ARGS_RECOMMENDED);
        assertThat(LintRule.named("jsonargsrecommended")).isEmpty();
    }

    @Test
    void aMisspeltRuleIsNotedAndOneOfALaterVersionIsNot() throws ExpansionException {
        assertThat(CheckOptions.parse("skip=StageNameCasng,undefinedvar,SomeNewRule,UndefinedVar")
                        .notes())
                .containsExactly(
                        "no lint rule is called StageNameCasng (did you mean StageNameCasing?)",
                        "no lint rule is called undefinedvar (did you mean UndefinedVar?)");
        assertThat(CheckOptions.parse("skip=all;experimental=CopyIgnoredFil").notes())
                .containsExactly("no lint rule is called CopyIgnoredFil (did you mean CopyIgnoredFile?)");
    }
}
