package dev.jbuild.layer.tar;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine has ISA-L, told by its file: a library that is there and yet not taken is a fault. */
final class Isal {
    private Isal() {}

    static boolean isInstalled() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve("libisal.so.2"))) {
                    return true;
                }
            }
        }
        return false;
    }
}
