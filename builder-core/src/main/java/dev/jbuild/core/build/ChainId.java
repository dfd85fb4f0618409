package dev.jbuild.core.build;

import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The name of a stack of layers by their content (OCI image-spec "Layer ChainID"). */
record ChainId(Optional<Digest> digest) {
    static final ChainId EMPTY = new ChainId(Optional.empty());

    private static final int ID_DIGITS = 32;

    ChainId with(Digest diffId) {
        return new ChainId(Optional.of(
                digest.map(chain -> Digest.of((chain + " " + diffId).getBytes(StandardCharsets.US_ASCII)))
                        .orElse(diffId)));
    }

    /** What the tree of the topmost layer is called: short, because overlayfs is told hundreds of them. */
    String treeId() {
        return "chain-" + digest.orElseThrow().hex().substring(0, ID_DIGITS);
    }
}
