package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users of the filesystems of a build. One that differs from a known one by a layer without {@code /etc} has the same,
 * which is the rule from one step to the next; they are read once then.
 */
final class KnownUsers {
    private final Map<List<Path>, UserDatabase> known = new ConcurrentHashMap<>();

    /**
     * @param trees the filesystem's layers, topmost first
     * @param merged all of them
     */
    UserDatabase of(List<Path> trees, FileTree merged) throws IOException, BuildException {
        Optional<UserDatabase> same = ofLayersBelow(trees);
        UserDatabase users = same.isPresent() ? same.get() : UserDatabase.read(merged);
        // What lies behind links can change without a change in /etc.
        if (same.isPresent() || UserDatabase.liesInPlace(merged)) {
            known.put(List.copyOf(trees), users);
        }
        return users;
    }

    private Optional<UserDatabase> ofLayersBelow(List<Path> trees) {
        Path etc = trees.getFirst().resolve(UserDatabase.DIRECTORY);
        return Files.exists(etc, LinkOption.NOFOLLOW_LINKS)
                ? Optional.empty()
                : Optional.ofNullable(known.get(trees.subList(1, trees.size())));
    }
}
