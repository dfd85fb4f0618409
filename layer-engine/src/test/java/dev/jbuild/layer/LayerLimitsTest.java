package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerLimitsTest {
    private static final LayerLimits DEFAULTS = LayerLimits.defaults();

    @Test
    void everyLimitIsChosenByItsNameAndLeavesTheOthers() throws Exception {
        for (RecordComponent limit : LayerLimits.class.getRecordComponents()) {
            LayerLimits chosen = DEFAULTS.with(limit.getName(), 7);
            List<String> changed = Arrays.stream(LayerLimits.class.getRecordComponents())
                    .filter(each -> value(each, chosen) != value(each, DEFAULTS))
                    .map(RecordComponent::getName)
                    .toList();

            assertThat(changed).containsExactly(limit.getName());
            assertThat(value(limit, chosen)).isEqualTo(7);
        }
    }

    @Test
    void aLimitThatIsNoneOrNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.with("entries", 7))
                .withMessageStartingWith("there is no limit entries; there are maxEntries, maxBytes, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.with("maxEntries", 0))
                .withMessage("the limit maxEntries cannot be 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.with("maxRatio", 1L << 31))
                .withMessage("the limit maxRatio cannot be 2147483648");
        assertThat(DEFAULTS.with("maxBytes", 1L << 40).maxBytes()).isEqualTo(1L << 40);
    }

    private static long value(RecordComponent limit, LayerLimits limits) {
        try {
            return ((Number) limit.getAccessor().invoke(limits)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record component", e);
        }
    }
}
