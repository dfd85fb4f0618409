package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentParserTest {
    private static Arguments build(String... words) throws UsageException {
        return new ArgumentParser(Command.BUILD).parse(Arrays.asList(words));
    }

    @Test
    void flagsAreReadInAllOfDockersSpellings() throws UsageException {
        Arguments arguments = build("-t", "a", "--tag=b", "-tc", "--tag", "d", "-t=e", ".");
        assertThat(arguments.all("--tag")).containsExactly("a", "b", "c", "d", "e");
        assertThat(arguments.operands()).containsExactly(".");
    }

    @Test
    void flagsMayFollowTheContext() throws UsageException {
        Arguments arguments = build(".", "--pull", "-q");
        assertThat(arguments.isOn("--pull")).isTrue();
        assertThat(arguments.isOn("--quiet")).isTrue();
        assertThat(arguments.operands()).containsExactly(".");
    }

    @Test
    void switchesMayBeSwitchedOff() throws UsageException {
        assertThat(build("--pull=false", ".").isOn("--pull")).isFalse();
        assertThat(build("--pull=true", "--pull=false", ".").isOn("--pull")).isFalse();
        assertThat(build("--no-cache=1", ".").isOn("--no-cache")).isTrue();
    }

    @Test
    void switchesBeforeTheContextLeaveItAlone() throws UsageException {
        Arguments arguments = build("--no-cache", "context");
        assertThat(arguments.isOn("--no-cache")).isTrue();
        assertThat(arguments.operands()).containsExactly("context");
    }

    @Test
    void theLastValueOfOneThingCounts() throws UsageException {
        assertThat(build("-f", "one", "-f", "two", ".").last("--file")).contains("two");
    }

    @Test
    void valuesMayLookLikeFlags() throws UsageException {
        Arguments arguments = build("--build-arg", "--tag=x", "--label", "-q", ".");
        assertThat(arguments.all("--build-arg")).containsExactly("--tag=x");
        assertThat(arguments.all("--label")).containsExactly("-q");
        assertThat(arguments.all("--tag")).isEmpty();
    }

    @Test
    void valuesAreTakenAsTheyAre() throws UsageException {
        assertThat(build("--label", "a=\"b\"", "--build-arg", "x=${y} @z", ".").all("--label"))
                .containsExactly("a=\"b\"");
        assertThat(build("-t", "@file", ".").all("--tag")).containsExactly("@file");
        assertThat(build("--build-arg", "x=${sys:user.name}", ".").all("--build-arg"))
                .containsExactly("x=${sys:user.name}");
    }

    @Test
    void whatFollowsTwoDashesIsNoFlag() throws UsageException {
        assertThat(build("--", "--tag").operands()).containsExactly("--tag");
    }

    @Test
    void emptyValuesAreValues() throws UsageException {
        assertThat(build("--target=", "--build-arg", "", ".").last("--target")).contains("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--policy=x"})
    void flagsOfLaterAreRefusedByName(String word) {
        String name = word.replaceFirst("=.*", "");
        assertThatThrownBy(() -> build(word, "."))
                .isInstanceOf(UsageException.class)
                .hasMessage(name + " is not supported yet");
    }

    @Test
    void legacyFlagsAreNotedAndDoNoHarm() throws UsageException {
        Arguments arguments = build("--rm", "--force-rm=true", "--cpuset-mems=0", ".");
        assertThat(arguments.operands()).containsExactly(".");
        assertThat(arguments.notes())
                .containsExactly(
                        "--rm has no effect here and is ignored",
                        "--force-rm has no effect here and is ignored",
                        "--cpuset-mems has no effect here and is ignored");
    }

    @Test
    void unknownFlagsAreNamedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> build("--no-cahce", "."))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown flag --no-cahce: did you mean --no-cache?");
        assertThatThrownBy(() -> build("--taget=x", ".")).hasMessage("unknown flag --taget: did you mean --target?");
        assertThatThrownBy(() -> build("--nothing-like-it", "."))
                .hasMessage("unknown flag --nothing-like-it: see jbuild build --help");
    }

    @Test
    void flagsWithoutTheirValueAreNamed() {
        assertThatThrownBy(() -> build(".", "--tag"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--tag needs a value");
    }

    @Test
    void switchesTakeOnlyTruthValues() {
        assertThatThrownBy(() -> build("--pull=maybe", "."))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--pull");
    }

    @Test
    void everyCommandKnowsHelpAndRoot() throws UsageException {
        for (Command command : Command.values()) {
            Arguments arguments = new ArgumentParser(command).parse(List.of("--root", "x", "-h", "-D"));
            assertThat(arguments.last("--root")).contains("x");
            assertThat(arguments.isOn("--help")).isTrue();
            assertThat(arguments.isOn("--debug")).isTrue();
        }
    }
}
