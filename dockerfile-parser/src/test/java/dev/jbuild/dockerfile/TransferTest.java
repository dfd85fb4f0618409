package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {
    @Test
    void copyTakesAllItsFlags() throws DockerfileException {
        Instruction.Copy copy = instruction(
                Instruction.Copy.class,
                "COPY --from=build --chown=$U:$G --chmod=u=rwX,go=rX --link --parents --exclude=*.md --exclude=a/** a ./b c/");

        assertThat(copy.from()).contains("build");
        assertThat(copy.parents()).isTrue();
        assertThat(copy.files())
                .isEqualTo(new Transfer(
                        List.of(new Word("a"), new Word("./b")),
                        List.of(),
                        new Word("c/"),
                        Optional.of(new Word("$U:$G")),
                        Optional.of(new Word("u=rwX,go=rX")),
                        true,
                        List.of("*.md", "a/**")));
    }

    @Test
    void addTakesAllItsFlags() throws DockerfileException {
        Instruction.Add add = instruction(
                Instruction.Add.class,
                "ADD --checksum=sha256:$S --keep-git-dir=true --unpack=false --link=FALSE https://x/y.git#v1 /z");

        assertThat(add.checksum()).contains(new Word("sha256:$S"));
        assertThat(add.keepGitDir()).contains(true);
        assertThat(add.unpack()).contains(false);
        assertThat(add.files().link()).isFalse();
        assertThat(add.files().sources()).containsExactly(new Word("https://x/y.git#v1"));
    }

    @Test
    void whatIsNotSaidIsAbsent() throws DockerfileException {
        Instruction.Add add = instruction(Instruction.Add.class, "ADD --chown= a b");

        assertThat(add.checksum()).isEmpty();
        assertThat(add.keepGitDir()).isEmpty();
        assertThat(add.unpack()).isEmpty();
        assertThat(add.files().chown()).isEmpty();
        assertThat(instruction(Instruction.Copy.class, "COPY a b").from()).isEmpty();
    }

    @Test
    void theJsonFormTakesBlanksAndPlainWordsDoNot() throws DockerfileException {
        Transfer json = instruction(Instruction.Copy.class, "COPY --link [\"a b\", \"<c\", \"d e/\"]")
                .files();
        Transfer plain = instruction(Instruction.Copy.class, "COPY \"a b\" c").files();

        assertThat(json.sources()).containsExactly(new Word("a b"), new Word("<c"));
        assertThat(json.destination()).isEqualTo(new Word("d e/"));
        assertThat(json.heredocs()).isEmpty();
        assertThat(plain.sources()).containsExactly(new Word("\"a"), new Word("b\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY", "COPY a", "COPY --link a", "COPY [\"a\"]", "COPY []"})
    void aSourceAndADestinationAreNeeded(String text) {
        assertThat(fault(text)).isEqualTo("COPY requires at least two arguments: what to copy, and where to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$x", "a$x", "${x:-a}", "\\a", "a\\'b", "${"})
    void fromOfCopyIsNeverExpanded(String from) {
        assertThat(fault("COPY --from=" + from.replace("\\", "\\\\") + " a b"))
                .startsWith("COPY --from does not support variable expansion");
    }

    @Test
    void flagsOfTheOtherOneAreUnknown() {
        assertThat(fault("ADD --from=a b c")).isEqualTo("unknown flag of ADD: --from");
        assertThat(fault("COPY --checksum=a b c")).isEqualTo("unknown flag of COPY: --checksum");
    }

    @Test
    void aWordOfTheJsonFormThatLooksLikeAHeredocIsAnEmptyFile() throws DockerfileException {
        Transfer json = instruction(Instruction.Copy.class, "COPY [\"a\", \"<<-'E'\", \"/d/\"]")
                .files();

        assertThat(json.sources()).containsExactly(new Word("a"));
        assertThat(json.heredocs()).containsExactly(new Heredoc("E", "", false, true));
        assertThat(fault("COPY [\"a\", \"<<E\"]")).isEqualTo("COPY cannot accept a heredoc as a destination");
    }
}
