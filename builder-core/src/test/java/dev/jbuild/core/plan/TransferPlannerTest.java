package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferPlannerTest {
    @Test
    void sourcesAreAbsoluteAndDoNotLeaveTheirRoot() throws Exception {
        assertThat(copy("COPY a ./b ../../c /d/../e . /x/").sources())
                .extracting(SourcePath::path)
                .containsExactly("/a", "/b", "/c", "/e", "/");
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, /, a/b",
        "./a//b/, /, a/b",
        "../../a, /, a",
        "a/./b/c, /a, b/c",
        "./a/./b/./c, /a, b/c",
        "/./a, /, a",
        "a/*/./b/**, /a/*, b/**",
        "a/./../../b, /a, b",
        "., /, **",
    })
    void parentsKeepsThePathBehindThePivot(String source, String path, String below) throws Exception {
        assertThat(copy("COPY --parents " + source + " /x/").sources())
                .containsExactly(new SourcePath(path, Optional.of(below)));
    }

    @Test
    void parentsIsInTheHistory() throws Exception {
        assertThat(Plans.scratch("COPY --parents --chown=1 a/./b /x/").history())
                .containsExactly("COPY --parents --chown=1 a/./b /x/ # buildkit");
    }

    @Test
    void theHistoryShowsTheWordsAsTheyWereExpanded() throws Exception {
        assertThat(Plans.scratch("ARG D=bin", "COPY --chown=1:2 --chmod=0755 ./a ./b /$D/")
                        .history())
                .last()
                .isEqualTo("COPY --chown=1:2 --chmod=0755 ./a ./b /bin/ # buildkit");
    }

    @Test
    void addIsShownAsAdd() throws Exception {
        assertThat(Plans.scratch("ADD a /a").history()).containsExactly("ADD a /a # buildkit");
    }

    @Test
    void theStageThatIsCopiedFromIsNotInHistory() throws Exception {
        assertThat(Plans.of("FROM scratch AS a", "FROM scratch", "COPY --from=a /x /y")
                        .history())
                .containsExactly("COPY /x /y # buildkit");
    }

    @Test
    void aHeredocIsAFileWithTheNameOfItsMark() throws Exception {
        Plans plans = Plans.scratch("ARG WHO=world", "COPY <<hello.txt /etc/", "hello $WHO", "hello.txt");

        assertThat(plans.last(Step.CopyFiles.class).inline())
                .containsExactly(new InlineFile("hello.txt", "hello world\n"));
        assertThat(plans.history()).last().isEqualTo("COPY <<hello.txt /etc/ # buildkit");
    }

    @Test
    void aQuotedHeredocIsNotExpanded() throws Exception {
        assertThat(Plans.scratch("COPY <<\"E\" /e", "$HOME", "E")
                        .last(Step.CopyFiles.class)
                        .inline())
                .containsExactly(new InlineFile("E", "$HOME\n"));
    }

    @Test
    void relativeDestinationsLieInTheWorkdir() throws Exception {
        assertThat(Plans.scratch("WORKDIR /app", "COPY a sub/b")
                        .last(Step.CopyFiles.class)
                        .destination())
                .isEqualTo("/app/sub/b");
        assertThat(Plans.scratch("WORKDIR /app", "COPY a .")
                        .last(Step.CopyFiles.class)
                        .destination())
                .isEqualTo("/app/");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "644,420", "0755,493", "7777,4095", "00644,420"})
    void aModeIsOctal(String text, int mode) throws Exception {
        assertThat(copy("COPY --chmod=" + text + " a /a").chmod()).contains(new Chmod.Exact(mode));
    }

    @Test
    void aModeMayComeFromAnArgument() throws Exception {
        assertThat(Plans.scratch("ARG M=600", "COPY --chmod=$M a /a")
                        .last(Step.CopyFiles.class)
                        .chmod())
                .contains(new Chmod.Exact(0600));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "8", "0778", "10000", "-1", "0o755", "777777777777777777777"})
    void aModeThatIsNotOctalUpTo7777IsRefusedWithItsLine(String mode) {
        assertThat(Plans.scratch("LABEL a=b", "COPY --chmod=" + mode + " a /a").refusal())
                .startsWith("3: invalid chmod parameter: '" + mode + "'")
                .contains("octal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u=q", "u", "+x,", "z+r", "u+r7", "a"})
    void aSymbolicModeThatIsNoneIsRefusedWithItsLine(String mode) {
        assertThat(Plans.scratch("COPY --chmod=" + mode + " a /a").refusal())
                .startsWith("2: invalid chmod parameter: '" + mode + "'");
    }

    @Test
    void anOwnerThatExpandsToNothingIsNone() throws Exception {
        assertThat(Plans.scratch("ARG O", "COPY --chown=$O a /a")
                        .last(Step.CopyFiles.class)
                        .owner())
                .isEmpty();
    }

    @Test
    void onlyAddUnpacksArchives() throws Exception {
        assertThat(copy("COPY a.tar /a").unpack()).isFalse();
        assertThat(copy("ADD a.tar /a").unpack()).isTrue();
        assertThat(copy("ADD --unpack=false a.tar /a").unpack()).isFalse();
    }

    @Test
    void linkAndExcludeAreKept() throws Exception {
        Step.CopyFiles copy = copy("COPY --link --exclude=*.md --exclude=doc a /a");

        assertThat(copy.link()).isTrue();
        assertThat(copy.exclude()).containsExactly("*.md", "doc");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            COPY https://x.example/y /z                             | COPY takes no URL
            ADD https://x.example/y /z                              | ADD from a URL
            ADD http://x.example/y /z                               | ADD from a URL
            ADD git@github.com:a/b.git /z                           | ADD from a URL
            ADD ssh://git@x.example/b.git /z                        | ADD from a URL
            ADD --keep-git-dir=true https://x.example/b.git /z      | ADD --keep-git-dir is not supported
            """)
    void whatIsNotSupportedIsRefusedWithItsLineAndNeverIgnored(String instruction, String sentence) {
        assertThat(Plans.scratch("LABEL a=b", instruction).refusal()).startsWith("3: " + sentence);
    }

    @Test
    void aUrlInAVariableIsRefusedTooAndNotTakenForAFile() {
        assertThat(Plans.scratch("ARG U=https://x.example/y", "ADD $U /z").refusal())
                .startsWith("3: ADD from a URL");
    }

    @Test
    void addWithChecksumIsRefused() {
        String sum = "sha256:" + "0".repeat(64);

        assertThat(Plans.scratch("ADD --checksum=" + sum + " https://x.example/y /z")
                        .refusal())
                .startsWith("2: ADD --checksum is not supported");
    }

    private static Step.CopyFiles copy(String instruction) throws Exception {
        return Plans.scratch(instruction).last(Step.CopyFiles.class);
    }
}
