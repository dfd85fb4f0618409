package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a WORKDIR makes. */
class WorkdirPlacementTest {
    private final KnownTree image = new KnownTree();

    @Test
    void aWorkdirIsMadeWithItsParentsAndBelongsToTheOwner() throws Exception {
        image.directory("home", 0755, 0);
        CopyPlacement placement = placement(new Owner(5, 6));
        placement.makeDirectories(EntryPath.of("home/app/src"));

        assertThat(RecordedLayer.of(placement.layer()).lines())
                .containsExactly(
                        "directory 755 0:0 home", "directory 755 5:6 home/app", "directory 755 5:6 home/app/src");
    }

    @Test
    void aWorkdirThatExistsChangesNothing() throws Exception {
        image.directory("srv", 0700, 3);
        CopyPlacement placement = placement(new Owner(5, 6));
        placement.makeDirectories(EntryPath.of("srv"));

        assertThat(RecordedLayer.of(placement.layer()).lines()).isEqualTo(List.of());
    }

    @Test
    void aWorkdirBehindALinkIsMadeWhereTheLinkLeads() throws Exception {
        image.directory("run", 0755, 0).directory("var", 0755, 0).link("var/run", "/run");
        CopyPlacement placement = placement(Owner.ROOT);
        placement.makeDirectories(EntryPath.of("var/run/app"));

        assertThat(RecordedLayer.of(placement.layer()).lines())
                .containsExactly("directory 755 0:0 run", "directory 755 0:0 run/app");
    }

    private CopyPlacement placement(Owner owner) {
        return new CopyPlacement(image, Optional.of(owner), Optional.empty(), new Timestamp(1234, 0));
    }
}
