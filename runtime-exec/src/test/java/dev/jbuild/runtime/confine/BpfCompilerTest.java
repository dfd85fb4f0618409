package dev.jbuild.runtime.confine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.confine.SeccompProfile.Action;
import dev.jbuild.runtime.confine.SeccompProfile.Check;
import dev.jbuild.runtime.confine.SeccompProfile.Comparison;
import dev.jbuild.runtime.confine.SeccompProfile.Rule;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BpfCompilerTest {
    private static final int X86_64 = 0xc000_003e;
    private static final int I386 = 0x4000_0003;
    private static final Action FALLBACK = Action.errno(1);
    private static final Action UNKNOWN = Action.errno(38);

    private final SyscallTable table = SyscallTable.of(Architecture.X86_64);

    private BpfMachine compile(Rule... rules) {
        return new BpfMachine(BpfCompiler.compile(new SeccompProfile(FALLBACK, UNKNOWN, List.of(rules)), table));
    }

    private static Rule when(Comparison comparison, long mask, long value) {
        return new Rule("socket", List.of(new Check(2, mask, comparison, value)), Action.ALLOW);
    }

    @Test
    void aCallWithoutARuleGetsTheFallback() {
        BpfMachine machine = compile(new Rule("read", List.of(), Action.ALLOW));
        assertThat(machine.answer(X86_64, 0)).isEqualTo(Action.ALLOW.code());
        assertThat(machine.answer(X86_64, 1)).isEqualTo(FALLBACK.code());
    }

    @Test
    void aCallYoungerThanTheTableIsUnknown() {
        BpfMachine machine = compile();
        assertThat(machine.answer(X86_64, table.highest())).isEqualTo(FALLBACK.code());
        assertThat(machine.answer(X86_64, table.highest() + 1)).isEqualTo(UNKNOWN.code());
        assertThat(machine.answer(X86_64, 0x3fff_ffff)).isEqualTo(UNKNOWN.code());
    }

    @Test
    void callsOfOtherConventionsKill() {
        BpfMachine machine = compile(new Rule("read", List.of(), Action.ALLOW));
        assertThat(machine.answer(I386, 0)).isEqualTo(Action.KILL.code());
        assertThat(machine.answer(X86_64, 0x4000_0000)).as("x32").isEqualTo(Action.KILL.code());
        assertThat(machine.answer(X86_64, -1)).isEqualTo(Action.KILL.code());
    }

    @ParameterizedTest
    @EnumSource
    void aComparisonLooksAtAll64BitsUnsigned(Comparison comparison) {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            long value = interesting(random);
            BpfMachine machine = compile(when(comparison, -1L, value));
            long argument = round % 4 == 0 ? value : interesting(random);
            boolean holds = machine.answer(X86_64, 41, 9, 9, argument) == Action.ALLOW.code();
            assertThat(holds).as("%x %s %x", argument, comparison, value).isEqualTo(holds(comparison, argument, value));
        }
    }

    // Values near the borders of 32 and 64 bits, where halves are easily confused.
    private static long interesting(SplittableRandom random) {
        long[] bases = {0, 1, 0xffff_ffffL, 0x1_0000_0000L, 0x8000_0000L, -1, Long.MIN_VALUE, 0x1_0000_0026L};
        return bases[random.nextInt(bases.length)] + random.nextInt(-1, 2);
    }

    private static boolean holds(Comparison comparison, long argument, long value) {
        int order = Long.compareUnsigned(argument, value);
        return switch (comparison) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
        };
    }

    @Test
    void aMaskHidesTheOtherBits() {
        BpfMachine machine = compile(when(Comparison.EQUAL, 0xffff_ffffL, 38));
        assertThat(machine.answer(X86_64, 41, 0, 0, 0x7_0000_0026L)).isEqualTo(Action.ALLOW.code());
        assertThat(machine.answer(X86_64, 41, 0, 0, 39)).isEqualTo(FALLBACK.code());
    }

    @Test
    void theFirstRuleWhoseChecksAllHoldDecides() {
        Check first = new Check(0, -1L, Comparison.GREATER, 5);
        Check second = new Check(1, -1L, Comparison.LESS, 5);
        BpfMachine machine = compile(
                new Rule("socket", List.of(first, second), Action.ALLOW),
                new Rule("socket", List.of(first), Action.errno(7)));
        assertThat(machine.answer(X86_64, 41, 6, 4)).isEqualTo(Action.ALLOW.code());
        assertThat(machine.answer(X86_64, 41, 6, 5)).isEqualTo(Action.errno(7).code());
        assertThat(machine.answer(X86_64, 41, 5, 4)).isEqualTo(FALLBACK.code());
    }
}
