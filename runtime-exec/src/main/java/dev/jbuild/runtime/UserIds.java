package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;

/** The ids that this process can give to files and processes. */
public final class UserIds {
    private UserIds() {}

    /**
     * Whether there is one, root's: the user namespace has no other, so owners are recorded beside files instead of changed.
     *
     * @throws IOException when /proc is not mounted
     */
    public static boolean areSingle() throws IOException {
        return IdMap.read(Path.of("/proc/self/uid_map")).isSingle();
    }
}
