package dev.jbuild.core.build;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a path that is not in a tree was probably meant to be: one that is there and is spelt almost like it. */
record NearMiss(FileTree tree, IgnoreRules ignore) {
    /** The path with its first name that is not there corrected, where something near to it is and is not left out. */
    Optional<EntryPath> of(EntryPath path) throws IOException {
        EntryPath missing = path;
        while (!missing.isRoot() && !isDirectory(missing.parent())) {
            missing = missing.parent();
        }
        if (missing.isRoot()) {
            return Optional.empty();
        }
        EntryPath parent = missing.parent();
        EntryPath below = path.relativeTo(missing);
        return near(missing.name().text(), names(parent))
                .map(name -> parent.resolve(name).resolve(below));
    }

    private boolean isDirectory(EntryPath path) throws IOException {
        Optional<EntryPath> real = tree.realPath(path, true);
        return real.isPresent()
                && tree.lstat(real.get()).filter(FileStatus::isDirectory).isPresent();
    }

    private List<String> names(EntryPath directory) throws IOException {
        // Somebody may have moved it since it was looked at.
        Optional<EntryPath> real = tree.realPath(directory, true);
        List<String> names = new ArrayList<>();
        for (FileTree.Child child : real.isPresent() ? tree.list(real.get()) : List.<FileTree.Child>of()) {
            String name = child.name().text();
            if (!ignore.excludes(directory.isRoot() ? name : directory.text() + "/" + name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static Optional<String> near(String name, List<String> names) {
        // A link to nothing is there, and yet missing.
        if (names.contains(name)) {
            return Optional.empty();
        }
        return names.stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .or(() -> Suggestion.nearestSpelling(name, names));
    }
}
