package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.Step;
import dev.jbuild.dockerfile.Position;
import dev.jbuild.dockerfile.SourceRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTimesTest {
    private static final HistoryLine EMPTY = new HistoryLine.Made("ENV", Optional.empty());
    private static final HistoryLine LAYER = new HistoryLine.Made(
            "COPY",
            Optional.of(new Node(
                    0, new Step.Scratch(), List.of(), "", new SourceRange(new Position(1, 1), 1), false, false)));

    @Test
    void withoutLayersEverythingHasTheFallback() {
        assertThat(new HistoryTimes("first", false).of(List.of(EMPTY, EMPTY), List.of()))
                .containsExactly("first", "first");
    }

    @Test
    void anEntryWithoutLayerHasTheTimeOfTheLayerBeforeIt() {
        assertThat(new HistoryTimes("first", false).of(List.of(LAYER, EMPTY, LAYER, EMPTY), List.of("one", "two")))
                .containsExactly("one", "one", "two", "two");
    }

    @Test
    void entriesBeforeTheFirstLayerHaveItsTimeSoThatACachedBuildStaysTheSame() {
        assertThat(new HistoryTimes("now", false).of(List.of(EMPTY, LAYER), List.of("one")))
                .containsExactly("one", "one");
    }

    @Test
    void aFixedTimeIsEveryEntrysAlsoWhereALayerIsCached() {
        assertThat(new HistoryTimes("epoch", true).of(List.of(LAYER, EMPTY), List.of("yesterday")))
                .containsExactly("epoch", "epoch");
    }
}
