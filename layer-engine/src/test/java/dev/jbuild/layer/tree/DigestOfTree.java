package dev.jbuild.layer.tree;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A process that unpacks a layer, packs what lies there, and prints the digest, and that of its difference to another; see {@link TarRoundTripTest}. */
final class DigestOfTree {
    private DigestOfTree() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectory(Path.of(arguments[0]));
        Path directory = Files.createDirectory(folder.resolve("tree"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Linux linux = Linux.system();
        RandomTree first = RandomTree.of(7);
        TreeWriter.unpack(linux, first.layer(), directory, Optional.empty(), LayerLimits.defaults());
        TreeWriter.unpack(linux, first.changed(7).layer(), other, Optional.empty(), LayerLimits.defaults());
        UpperTree upper = new UpperTree(linux, directory, Optional.empty());
        try (DirectoryTree old = DirectoryTree.open(linux, directory);
                DirectoryTree now = DirectoryTree.open(linux, other)) {
            System.out.println(Locale.getDefault().toLanguageTag() + " "
                    + Digest.of(TarRoundTripTest.tar(upper)).hex() + " "
                    + Digest.of(TarRoundTripTest.tar(new TreeDiff(old, now))).hex());
        }
    }
}
