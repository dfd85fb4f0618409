package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;

/** The links of a path do not end. */
public final class LinkLoopException extends IOException {
    private static final long serialVersionUID = 1;

    public LinkLoopException(EntryPath path) {
        super("/" + path + ": more than " + FileTree.MAX_LINKS + " symbolic links");
    }
}
