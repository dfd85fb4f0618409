package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.io.InputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy may do without the layers of its base, and what it may not. */
class KnownRootTest {
    private final KnownRoot onBase = new KnownRoot(false, Set.of(EntryPath.of("srv/app")));
    private final KnownRoot onScratch = new KnownRoot(true, Set.of());

    @Test
    void theRootIsADirectory() throws Exception {
        assertThat(onBase.find(EntryPath.ROOT).orElseThrow().type()).isEqualTo(LayerEntry.Type.DIRECTORY);
    }

    @Test
    void entriesOfTheBuildsOwnLayersAreKnown() throws Exception {
        put(onBase, LayerEntry.directory(EntryPath.of("app"), 0700));

        assertThat(onBase.find(EntryPath.of("app")).orElseThrow().mode()).isEqualTo(0700);
    }

    @Test
    void aRemovedEntryAndAllBelowItIsUnknownAgain() throws Exception {
        put(onBase, LayerEntry.directory(EntryPath.of("app"), 0755));
        put(onBase, LayerEntry.file(EntryPath.of("app/x"), 0644, 0));
        put(onBase, LayerEntry.file(EntryPath.of("app-2"), 0644, 0));
        put(onBase, LayerEntry.whiteout(EntryPath.of("app")));

        assertThat(onBase.find(EntryPath.of("app"))).isEmpty();
        assertThat(onBase.find(EntryPath.of("app/x"))).isEmpty();
        assertThat(onBase.find(EntryPath.of("app-2"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin", "lib", "tmp", "root", "var/run", "srv/app"})
    void whatDiffersFromBaseToBaseNeedsTheBase(String path) {
        assertThatThrownBy(() -> onBase.find(EntryPath.of(path)))
                .isInstanceOf(BaseNeededException.class)
                .hasMessageContaining("/" + path);
        assertThatCode(() -> onScratch.find(EntryPath.of(path))).doesNotThrowAnyException();
    }

    @Test
    void aStandardDirectoryMayBeNamedAgainOnlyAsItIs() {
        LayerEntry home = LayerEntry.directory(EntryPath.of("home"), 0755);

        assertThatCode(() -> onBase.beforeMaking(home)).doesNotThrowAnyException();
        assertThatThrownBy(() -> onBase.beforeMaking(home.withOwner(1000, 0))).isInstanceOf(BaseNeededException.class);
        assertThatThrownBy(() -> onBase.beforeMaking(home.withMode(0775))).isInstanceOf(BaseNeededException.class);
        assertThatCode(() -> onScratch.beforeMaking(home.withMode(0775))).doesNotThrowAnyException();
        assertThatCode(() -> onBase.beforeMaking(LayerEntry.directory(EntryPath.of("app"), 0700)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"home/node", "var/www/html", "etc/nginx/conf.d"})
    void aDirectoryBelowAStandardOneNeedsTheBase(String path) {
        LayerEntry made = LayerEntry.directory(EntryPath.of(path), 0755);

        assertThatThrownBy(() -> onBase.beforeMaking(made))
                .isInstanceOf(BaseNeededException.class)
                .hasMessageContaining("/" + path);
        assertThatCode(() -> onScratch.beforeMaking(made)).doesNotThrowAnyException();
        assertThatCode(() -> onBase.beforeMaking(LayerEntry.directory(EntryPath.of("app/lib"), 0755)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "run.sh, usr/local/bin",
        "index.html, usr/share/nginx/html",
        "site.conf, etc/nginx/conf.d",
        "server, app"
    })
    void aFileIsNotPutOverWhatMayBeADirectoryOfTheBase(String source, String destination) {
        assertThatThrownBy(() -> onBase.beforeNaming(EntryPath.of(destination), Bytes.of(source)))
                .isInstanceOf(BaseNeededException.class);
        assertThatCode(() -> onScratch.beforeNaming(EntryPath.of(destination), Bytes.of(source)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"server, usr/bin/server", "app-1.0.jar, srv/app.jar", "nginx.conf, etc/nginx/nginx.conf"})
    void aDestinationNamedLikeTheFileIsThatFile(String source, String destination) {
        assertThatCode(() -> onBase.beforeNaming(EntryPath.of(destination), Bytes.of(source)))
                .doesNotThrowAnyException();
    }

    @Test
    void aFileNamedLikeAStandardDirectoryIsNotPutOverIt() {
        assertThatThrownBy(() -> onBase.beforeNaming(EntryPath.of("usr/bin"), Bytes.of("bin")))
                .isInstanceOf(BaseNeededException.class);
    }

    private static void put(KnownRoot root, LayerEntry entry) {
        root.put(entry, InputStream.nullInputStream());
    }
}
