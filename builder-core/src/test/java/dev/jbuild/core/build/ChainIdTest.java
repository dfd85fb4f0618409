package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** OCI image-spec "Layer ChainID": ChainID(L0) = DiffID(L0); ChainID(L0|L1) = digest(ChainID(L0) + " " + DiffID(L1)). */
class ChainIdTest {
    private static final Digest A = Digest.parse("sha256:" + "a".repeat(64));
    private static final Digest B = Digest.parse("sha256:" + "b".repeat(64));
    private static final Digest C = Digest.parse("sha256:" + "c".repeat(64));

    @Test
    void theChainOfOneLayerIsItsDiffId() {
        assertThat(ChainId.EMPTY.with(A).digest()).contains(A);
    }

    @Test
    void furtherLayersAreHashedOntoTheChain() {
        Digest two = Digest.of((A + " " + B).getBytes(StandardCharsets.US_ASCII));
        Digest three = Digest.of((two + " " + C).getBytes(StandardCharsets.US_ASCII));

        assertThat(ChainId.EMPTY.with(A).with(B).digest()).contains(two);
        assertThat(ChainId.EMPTY.with(A).with(B).with(C).digest()).contains(three);
    }

    @Test
    void theNameOfATreeIsShortAndOfItsChain() {
        assertThat(ChainId.EMPTY.with(A).treeId()).isEqualTo("chain-" + "a".repeat(32));
        assertThat(ChainId.EMPTY.with(A).with(B).treeId())
                .isNotEqualTo(ChainId.EMPTY.with(B).with(A).treeId());
    }
}
