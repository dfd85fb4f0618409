package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceScannerTest {
    private SourceFolder context;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        context = SourceFolder.in(folder.resolve("context"));
    }

    @AfterEach
    void close() throws IOException {
        context.close();
    }

    @Test
    void aFileIsItself() throws Exception {
        context.file("a/b.txt", "x");

        assertThat(context.scan("/a/b.txt")).singleElement().satisfies(match -> {
            assertThat(match.name().text()).isEqualTo("b.txt");
            assertThat(match.directory()).isFalse();
            assertThat(paths(match)).containsExactly("a/b.txt");
        });
    }

    @Test
    void aDirectoryIsItsContentsParentsFirstAndSorted() throws Exception {
        context.file("d/z", "")
                .file("d/sub/two", "")
                .file("d/sub/one", "")
                .file("d/sub-a", "")
                .directory("d/empty");

        assertThat(context.scan("/d")).singleElement().satisfies(match -> {
            assertThat(match.directory()).isTrue();
            assertThat(below(match)).containsExactly("empty", "sub", "sub/one", "sub/two", "sub-a", "z");
        });
    }

    @Test
    void theRootIsTheWholeContext() throws Exception {
        context.file("a", "").file("b/c", "");

        assertThat(below(context.scan("/").getFirst())).containsExactly("a", "b", "b/c");
    }

    @Test
    void anEmptyDirectoryMatchesWithNothingInIt() throws Exception {
        context.directory("empty");

        assertThat(context.scan("/empty"))
                .singleElement()
                .satisfies(match -> assertThat(match.files()).isEmpty());
    }

    @Test
    void aMissingSourceIsNamed() {
        assertThatThrownBy(() -> context.scan("/no/such"))
                .isInstanceOf(BuildException.class)
                .hasMessage("\"/no/such\" is not in the build context");
    }

    @Test
    void aMissingSourceSaysWhenDockerignoreHidesIt() throws Exception {
        context.file("secret", "");

        assertThatThrownBy(() -> context.scan("/secret", List.of("secret"), List.of()))
                .isInstanceOf(BuildException.class)
                .hasMessage("\"/secret\" is not in the build context: secret excludes it");
    }

    @Test
    void aContextOfWhichEverythingIsIgnoredIsStillThere() throws Exception {
        context.file("a", "");

        assertThat(context.scan("/", List.of("**"), List.of()))
                .singleElement()
                .satisfies(match -> assertThat(match.files()).isEmpty());
    }

    @Test
    void aFileIsNoDirectoryToLookInto() throws Exception {
        context.file("file", "");

        assertThatThrownBy(() -> context.scan("/file/below")).isInstanceOf(BuildException.class);
    }

    @Test
    void aWildcardMatchesInSortedOrderAndNotAcrossSlashes() throws Exception {
        context.file("b.txt", "").file("a.txt", "").file("c.md", "").file("sub/d.txt", "");

        assertThat(names(context.scan("/*.txt"))).containsExactly("a.txt", "b.txt");
    }

    @ParameterizedTest
    @CsvSource({
        "/a?c, abc",
        "/[a-b]bc, abc",
        "/*/x.txt, x.txt",
        "/dir/[^a].txt, x.txt",
    })
    void wildcardsAreThoseOfGosFilepathMatch(String pattern, String name) throws Exception {
        context.file("abc", "").file("dir/x.txt", "").file("dir/a.txt", "");

        assertThat(names(context.scan(pattern))).containsExactly(name);
    }

    @Test
    void aBracketInANameIsReachedByAClassOfItself() throws Exception {
        context.file("a[0].txt", "").file("a0.txt", "");

        assertThat(names(context.scan("/a[[]0].txt"))).containsExactly("a[0].txt");
    }

    @Test
    void aWildcardWithoutMatchIsNoError() throws Exception {
        assertThat(context.scan("/*.none")).isEmpty();
        assertThat(context.scan("/no/such/*.none")).isEmpty();
    }

    @Test
    void aWildcardThatIsNoPatternIsRefused() {
        assertThatThrownBy(() -> context.scan("/[a-")).isInstanceOf(BuildException.class);
    }

    @Test
    void aWildcardThatMatchesADirectoryTakesItsContents() throws Exception {
        context.file("one/a", "").file("two/b", "");

        assertThat(context.scan("/*")).allMatch(SourceMatch::directory).hasSize(2);
    }

    @Test
    void dockerignoreHidesWhatAWildcardWouldMatch() throws Exception {
        context.file("a.txt", "").file("b.txt", "");

        assertThat(names(context.scan("/*.txt", List.of("a.txt"), List.of()))).containsExactly("b.txt");
    }

    @Test
    void dockerignoreHidesFilesInADirectory() throws Exception {
        context.file("d/keep", "").file("d/node_modules/x", "").file("d/sub/node_modules/y", "");

        assertThat(below(context.scan("/d", List.of("**/node_modules"), List.of())
                        .getFirst()))
                .containsExactly("keep", "sub");
    }

    @Test
    void anExceptionBringsBackAFileBelowAHiddenDirectoryWithItsParents() throws Exception {
        context.file("hidden/deep/keep.me", "").file("hidden/deep/other", "").file("hidden/more", "");

        assertThat(below(context.scan("/", List.of("hidden", "!hidden/deep/keep.me"), List.of())
                        .getFirst()))
                .containsExactly("hidden", "hidden/deep", "hidden/deep/keep.me");
    }

    @Test
    void aHiddenDirectoryWithoutExceptionsIsNotThere() throws Exception {
        context.file("hidden/a", "");

        assertThat(below(context.scan("/", List.of("hidden", "!other"), List.of())
                        .getFirst()))
                .isEmpty();
        assertThatThrownBy(() -> context.scan("/hidden", List.of("hidden"), List.of()))
                .isInstanceOf(BuildException.class);
    }

    @Test
    void everythingButSomethingIsACommonIgnoreFile() throws Exception {
        context.file("Dockerfile", "").file("src/a", "").file("target/b", "").file("pom.xml", "");

        assertThat(below(context.scan("/", List.of("*", "!src", "!pom.xml"), List.of())
                        .getFirst()))
                .containsExactly("pom.xml", "src", "src/a");
    }

    @Test
    void excludedFilesStayOutRelativeToTheSource() throws Exception {
        context.file("d/a.md", "").file("d/sub/b.md", "").file("d/c", "");

        assertThat(below(context.scan("/d", List.of(), List.of("*.md")).getFirst()))
                .containsExactly("c", "sub", "sub/b.md");
        assertThat(below(context.scan("/d", List.of(), List.of("**/*.md", "!sub/b.md"))
                        .getFirst()))
                .containsExactly("c", "sub", "sub/b.md");
    }

    @Test
    void aFileThatIsASourceItselfIsNotExcluded() throws Exception {
        context.file("a.txt", "").file("d/a.txt", "");

        assertThat(names(context.scan("/a.txt", List.of(), List.of("*.txt")))).containsExactly("a.txt");
        assertThat(names(context.scan("/a*", List.of(), List.of("a*")))).containsExactly("a.txt");
        assertThat(below(context.scan("/*", List.of(), List.of("a*")).getLast()))
                .isEmpty();
    }

    @Test
    void aLinkToNothingThatAWildcardMatchesIsMissing() throws Exception {
        context.file("a1", "").link("a2", "nowhere");

        assertThatThrownBy(() -> context.scan("/a*"))
                .isInstanceOf(BuildException.class)
                .hasMessage("\"/a2\" is not in the build context");
    }

    @Test
    void parentsKeepsTheDirectoriesOfWhatItTakesAndNothingElse() throws Exception {
        context.file("a/b/c/f", "").file("a/b/g", "").file("a/h", "").file("z", "");

        SourceMatch match = context.scanBelow("/", "a/b/c/f").getFirst();

        assertThat(below(match)).containsExactly("a", "a/b", "a/b/c", "a/b/c/f");
        assertThat(match.files()).extracting(SourceFile::implied).containsExactly(true, true, true, false);
        assertThat(below(context.scanBelow("/", "a/b").getFirst()))
                .containsExactly("a", "a/b", "a/b/c", "a/b/c/f", "a/b/g");
        assertThat(below(context.scanBelow("/a", "*/c").getFirst())).containsExactly("b", "b/c", "b/c/f");
    }

    @Test
    void parentsTakesDeepWildcardsAndExclusionsBelowThePivot() throws Exception {
        context.file("a/x.txt", "").file("a/b/y.txt", "").file("a/b/y.md", "");

        assertThat(below(context.scanBelow("/", "a/**/*.txt").getFirst()))
                .containsExactly("a", "a/b", "a/b/y.txt", "a/x.txt");
        assertThat(below(context.scanBelow("/", "a", "a/*.txt").getFirst()))
                .containsExactly("a", "a/b", "a/b/y.md", "a/b/y.txt");
    }

    @Test
    void aMissingNameOfParentsIsAnErrorAMissingWildcardIsNot() throws Exception {
        context.file("a/f", "");

        assertThatThrownBy(() -> context.scanBelow("/", "a/g"))
                .isInstanceOf(BuildException.class)
                .hasMessage("\"/a/g\" is not in the build context");
        assertThatThrownBy(() -> context.scanBelow("/b", "f"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("\"/b\"");
        assertThat(below(context.scanBelow("/", "a/*.none").getFirst())).isEmpty();
    }

    @Test
    void parentsFollowsNoLinkBelowThePivot() throws Exception {
        context.file("real/f", "").link("alias", "real");

        assertThatThrownBy(() -> context.scanBelow("/", "alias/f")).isInstanceOf(BuildException.class);
        assertThat(below(context.scanBelow("/alias", "f").getFirst())).containsExactly("f");
    }

    @Test
    void aSourceThatIsALinkIsFollowedAndKeepsItsName() throws Exception {
        context.file("real", "content").link("alias", "real");

        assertThat(context.scan("/alias")).singleElement().satisfies(match -> {
            assertThat(match.name().text()).isEqualTo("alias");
            assertThat(paths(match)).containsExactly("real");
        });
    }

    @Test
    void aLinkToADirectoryIsFollowed() throws Exception {
        context.file("real/a", "").link("alias", "real");

        assertThat(below(context.scan("/alias").getFirst())).containsExactly("a");
        assertThat(paths(context.scan("/alias/a").getFirst())).containsExactly("real/a");
    }

    @Test
    void aLinkInsideACopiedDirectoryIsTakenAsTheLinkItIs() throws Exception {
        context.file("d/real", "").link("d/alias", "/etc/passwd");

        assertThat(context.scan("/d").getFirst().files())
                .filteredOn(file -> file.status().isLink())
                .extracting(file -> file.path().text())
                .containsExactly("d/alias");
    }

    @Test
    void anAbsoluteLinkStartsAtTheContextAndDoesNotLeaveIt(@TempDir Path outside) throws Exception {
        context.file("inside", "mine").link("a", "/inside").link("up", "../../../../inside");

        assertThat(paths(context.scan("/a").getFirst())).containsExactly("inside");
        assertThat(paths(context.scan("/up").getFirst())).containsExactly("inside");
        context.link("out", outside.toString());
        assertThatThrownBy(() -> context.scan("/out")).isInstanceOf(BuildException.class);
    }

    @Test
    void aLoopOfLinksIsAnErrorAndNoHang() throws Exception {
        context.link("a", "b").link("b", "a");

        assertThatThrownBy(() -> context.scan("/a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("link");
    }

    @Test
    void aLinkToAnIgnoredFileIsAsMissing() throws Exception {
        context.file("secret", "").link("alias", "secret");

        assertThatThrownBy(() -> context.scan("/alias", List.of("secret"), List.of()))
                .isInstanceOf(BuildException.class);
    }

    private static List<String> names(List<SourceMatch> matches) {
        return matches.stream().map(match -> match.name().text()).toList();
    }

    private static List<String> paths(SourceMatch match) {
        return match.files().stream().map(file -> file.path().text()).toList();
    }

    private static List<String> below(SourceMatch match) {
        return match.files().stream().map(file -> file.below().text()).toList();
    }
}
