package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownUsersTest {
    @TempDir
    private Path folder;

    private final KnownUsers known = new KnownUsers();
    private final List<Path> trees = new ArrayList<>();

    private Path layer() throws IOException {
        Path layer = Files.createDirectory(folder.resolve("layer" + trees.size()));
        trees.addFirst(layer);
        return layer;
    }

    private static void write(Path layer, String file, String user) throws IOException {
        Path path = layer.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, user + ":x:1000:1000::/home:/bin/sh\n");
    }

    private List<String> users() throws Exception {
        try (StackedTree merged = StackedTree.open(Linux.system(), trees)) {
            return known.of(trees, merged).users().stream()
                    .map(UserDatabase.User::name)
                    .toList();
        }
    }

    private Path baseWith(String user) throws Exception {
        Path base = layer();
        write(base, "etc/passwd", user);
        Files.writeString(base.resolve("etc/group"), "");
        assertThat(users()).containsExactly(user);
        return base;
    }

    @Test
    void aLayerWithoutEtcHasTheUsersOfTheLayersBelowAndNothingIsRead() throws Exception {
        Path base = baseWith("anna");
        write(layer(), "srv/passwd", "eve");
        Files.delete(base.resolve("etc/passwd"));
        assertThat(users()).containsExactly("anna");
        layer();
        assertThat(users()).containsExactly("anna");
    }

    @Test
    void aLayerThatChangesTheFileIsRead() throws Exception {
        baseWith("anna");
        write(layer(), "etc/passwd", "ben");
        assertThat(users()).containsExactly("ben");
        layer();
        assertThat(users()).containsExactly("ben");
    }

    @Test
    void aLayerThatMakesEtcALinkIsRead() throws Exception {
        baseWith("anna");
        Path layer = layer();
        write(layer, "other/passwd", "ben");
        Files.createSymbolicLink(layer.resolve("etc"), Path.of("other"));
        assertThat(users()).containsExactly("ben");
    }

    @Test
    void whatLiesBehindALinkIsReadAgain() throws Exception {
        Path base = layer();
        write(base, "opt/passwd", "anna");
        Files.createDirectory(base.resolve("etc"));
        Files.createSymbolicLink(base.resolve("etc/passwd"), Path.of("../opt/passwd"));
        Files.writeString(base.resolve("etc/group"), "");
        assertThat(users()).containsExactly("anna");
        write(layer(), "opt/passwd", "ben");
        assertThat(users()).containsExactly("ben");
    }

    @Test
    void anImageWithoutTheFilesIsReadAgain() throws Exception {
        layer();
        assertThat(users()).isEmpty();
        Path layer = layer();
        write(layer, "etc/passwd", "anna");
        assertThat(users()).containsExactly("anna");
    }
}
