package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process without privilege that lists a directory of the host; what it prints is checked by {@link DirectoryTreeTest}. */
final class UnprivilegedListing {
    private UnprivilegedListing() {}

    public static void main(String[] arguments) throws IOException {
        for (Linux linux : List.of(Linux.system(), Linux.recordingOwners())) {
            try (DirectoryTree tree = DirectoryTree.openOfHost(linux, Path.of(arguments[0]))) {
                for (FileTree.Child child : tree.list(EntryPath.ROOT)) {
                    System.out.println(child.name() + " of " + child.status().uid());
                }
            }
        }
    }
}
