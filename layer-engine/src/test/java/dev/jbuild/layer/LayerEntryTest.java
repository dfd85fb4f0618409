package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LayerEntryTest {
    private static final EntryPath A = EntryPath.of("a");

    @Test
    void idsThatChownWouldIgnoreAreRefused() {
        LayerEntry entry = LayerEntry.directory(A, 0755);
        assertThat(entry.withOwner(LayerEntry.MAX_ID, 0).uid()).isEqualTo(4294967294L);
        assertThatIllegalArgumentException().isThrownBy(() -> entry.withOwner(LayerEntry.MAX_ID + 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> entry.withOwner(0, 1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> entry.withOwner(-1, 0));
    }

    @Test
    void eachTypeCarriesOnlyItsOwnFields() {
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.of(A, LayerEntry.Type.SYMLINK, 0777));
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.device(A, LayerEntry.Type.FIFO, 0600, 1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.file(A, 0600, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.file(A, 010000, 0));
    }

    @Test
    void theRootIsADirectory() {
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.symlink(EntryPath.ROOT, Bytes.of("/etc")));
        assertThatIllegalArgumentException().isThrownBy(() -> LayerEntry.whiteout(EntryPath.ROOT));
        assertThat(LayerEntry.opaque(EntryPath.ROOT).path().isRoot()).isTrue();
    }

    @Test
    void extendedAttributesAreCopiedIn() {
        var attributes = new TreeMap<String, Bytes>();
        attributes.put("user.a", Bytes.of("1"));
        LayerEntry entry = LayerEntry.file(A, 0644, 0).withXattrs(attributes);
        attributes.clear();
        assertThat(entry.xattrs()).containsEntry("user.a", Bytes.of("1"));
    }

    @Test
    void aRefusalNamesLayerEntryAndRule() {
        var refusal = new RefusedLayerException(EntryPath.of("a\nb"), "its parent is a link").in("layer sha256:12");
        assertThat(refusal).hasMessage("layer sha256:12 is refused: a\\x0ab: its parent is a link");
        assertThat(refusal.of("app:1"))
                .hasMessage("layer sha256:12 of app:1 is refused: a\\x0ab: its parent is a link");
        assertThat(refusal.of("app:1").of("app:1").layer()).isEqualTo("layer sha256:12 of app:1");
    }
}
