package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;

/** A copy that was to do without the layers of its base cannot: what it would write over is peculiar to each base. */
final class BaseNeededException extends IOException {
    private static final long serialVersionUID = 1;

    BaseNeededException(EntryPath path) {
        super("the base's layers are needed to know what /" + path + " is");
    }
}
