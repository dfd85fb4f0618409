package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Digest;
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
            COPY https://x.example/y /z                             | COPY takes no URL or git repository
            COPY git@x.example:a/b.git /z                           | COPY takes no URL or git repository
            """)
    void whatIsNotSupportedIsRefusedWithItsLineAndNeverIgnored(String instruction, String sentence) {
        assertThat(Plans.scratch("LABEL a=b", instruction).refusal()).startsWith("3: " + sentence);
    }

    @Test
    void aUrlIsFetchedAndCalledAsItsPathEnds() throws Exception {
        Plans plans = Plans.scratch("ARG U=https://x.example/a/b%20c.txt?q=/z#/f", "ADD $U /z");

        assertThat(plans.origins())
                .containsExactly(
                        new Origin.HttpFile("https://x.example/a/b%20c.txt?q=/z#/f", "b c.txt", Optional.empty()));
        assertThat(plans.last(Step.CopyFiles.class).remote()).containsExactly(new RemotePart(0, "/b c.txt", false));
        assertThat(plans.history()).last().isEqualTo("ADD https://x.example/a/b%20c.txt?q=/z#/f /z # buildkit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.example",
                "https://x.example/",
                "http://x.example/?a=/b",
                "http://x/..",
                "http://x/%2e"
            })
    void anAddressThatEndsInNoNameHasNone(String url) {
        assertThat(Origin.HttpFile.of(url, Optional.empty()).name()).isEqualTo("__unnamed__");
    }

    @ParameterizedTest
    @CsvSource({
        "http://x/a/b/, b",
        "http://x/a%2Fb, b",
        "http://x/%2e%2e%2fetc, etc",
        "http://x/a%, a%",
        "http://x/a%zz, a%zz",
        "http://x/%C3%A9, \u00e9"
    })
    void aNameIsOneComponentWhateverIsEncoded(String url, String name) {
        assertThat(Origin.HttpFile.of(url, Optional.empty()).name()).isEqualTo(name);
    }

    @Test
    void everyFetchedSourceKeepsItsPlaceAmongTheOthers() throws Exception {
        Plans plans = Plans.scratch("ADD a http://x/1 b c git@x.example:r.git http://x/2 /d/");

        assertThat(plans.last(Step.CopyFiles.class).sources()).hasSize(3);
        assertThat(plans.last(Step.CopyFiles.class).remote())
                .containsExactly(
                        new RemotePart(1, "/1", false), new RemotePart(3, "/", false), new RemotePart(3, "/2", false));
        assertThat(plans.origins())
                .extracting(Origin::shown)
                .containsExactly("http://x/1", "git@x.example:r.git", "http://x/2");
    }

    @Test
    void whatIsFetchedIsUnpackedOnlyWhenThatIsSaid() throws Exception {
        assertThat(copy("ADD --unpack=true http://x/a.tar /d/").remote())
                .containsExactly(new RemotePart(0, "/a.tar", true));
    }

    @Test
    void aChecksumOfAUrlIsADigestAndThatOfARepositoryACommit() throws Exception {
        String sum = "sha256:" + "0".repeat(64);
        String commit = "0123456789".repeat(4);

        assertThat(Plans.scratch("ARG C=" + sum, "ADD --checksum=$C http://x/y /z")
                        .origins())
                .containsExactly(new Origin.HttpFile("http://x/y", "y", Optional.of(Digest.parse(sum))));
        assertThat(Plans.scratch("ADD --checksum=" + commit + " --keep-git-dir=true https://x/r.git#v1 /z")
                        .origins())
                .containsExactly(new Origin.GitTree(
                        new GitReference("https://x/r.git", "v1", "", commit, Optional.empty(), true), true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --checksum=md5:0 http://x/y /z                    | --checksum=md5:0:
            --checksum=sha256:12 http://x/y /z                | --checksum=sha256:12:
            --checksum=sha256:12 http://x/y http://x/w /z     | --checksum is of one source; this ADD has 2
            --checksum=sha256:12 y /z                         | --checksum is of a URL or git repository
            --checksum=xyz https://x/r.git /z                 | the checksum of a git source is a commit id
            --checksum=1234567 https://x/r.git?commit=7654321 /z | --checksum=1234567 and the checksum of the source's
            --keep-git-dir=false https://x/r.git?keep-git-dir /z | --keep-git-dir and the keep-git-dir of the
            https://x/r.git?what=1 /z                         | "what" is not a key of a git source's query
            https://x/r.git#-oProxyCommand=x /z               | the ref of a git source may hold no blanks
            """)
    void whatIsSaidOfASourceMustMakeSense(String words, String sentence) {
        assertThat(Plans.scratch("LABEL a=b", "ADD " + words).refusal()).startsWith("3: " + sentence);
    }

    private static Step.CopyFiles copy(String instruction) throws Exception {
        return Plans.scratch(instruction).last(Step.CopyFiles.class);
    }
}
