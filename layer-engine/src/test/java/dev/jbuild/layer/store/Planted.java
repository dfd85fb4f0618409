package dev.jbuild.layer.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What somebody may put where a file or a folder of the store is looked for. */
enum Planted {
    /** To the very thing, so that who follows it finds all that he looks for. */
    LINK,
    FIFO,
    FOREIGN_OWNER;

    static final int STRANGER = 1234;

    /** Takes the place of what is there, which is kept elsewhere. */
    void insteadOf(Path place, Path elsewhere) throws IOException {
        if (this == FOREIGN_OWNER) {
            assumeTrue(Linux.system().effectiveUid() == 0, "giving files away needs root");
            Files.setAttribute(place, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
            return;
        }
        Files.move(place, elsewhere);
        if (this == LINK) {
            Files.createSymbolicLink(place, elsewhere);
        } else {
            try (Fd parent = Linux.system().open(StoreFolders.parent(place), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
                Linux.system().makeNodeAt(parent, StoreFolders.name(place), FileKind.FIFO, 0600, 0, 0);
            }
        }
    }
}
