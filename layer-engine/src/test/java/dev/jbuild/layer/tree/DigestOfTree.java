package dev.jbuild.layer.tree;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process that unpacks a layer, packs what lies there, and prints the digest; see {@link TarRoundTripTest}. */
final class DigestOfTree {
    private DigestOfTree() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectory(Path.of(arguments[0]));
        Linux linux = Linux.system();
        // Without an entry for the root, its mode would be what the umask left of it.
        RecordedLayer layer = RandomTree.of(7).layer();
        TreeWriter.unpack(linux, layer, directory, Optional.empty(), LayerLimits.defaults());
        UpperTree upper = new UpperTree(linux, directory, Optional.empty());
        System.out.println(Digest.of(TarRoundTripTest.tar(upper)).hex());
    }
}
