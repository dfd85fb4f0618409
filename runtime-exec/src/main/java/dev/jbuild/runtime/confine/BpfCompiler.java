package dev.jbuild.runtime.confine;

import dev.jbuild.runtime.confine.BpfAssembler.Condition;
import dev.jbuild.runtime.confine.BpfAssembler.Label;
import dev.jbuild.runtime.confine.SeccompProfile.Action;
import dev.jbuild.runtime.confine.SeccompProfile.Check;
import dev.jbuild.runtime.confine.SeccompProfile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Compiles a profile to the program that the kernel runs before each system call: a binary search over the numbers,
 * for a list of four hundred comparisons would be felt in every call that takes arguments into account. Lambdas and
 * record equality are left out here: this runs before the first step of a cold JVM, which pays for each of them.
 */
public final class BpfCompiler {
    // struct seccomp_data
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    // Calls of the x32 convention carry this bit; the number behind it is another table's.
    private static final int X32 = 0x4000_0000;

    private final BpfAssembler program = new BpfAssembler();
    private final SeccompProfile profile;

    private BpfCompiler(SeccompProfile profile) {
        this.profile = profile;
    }

    /** The calls from {@code first} up to the next segment's first are all answered by the same rules. */
    private record Segment(int first, List<Rule> rules) {}

    /** The program as seccomp(2) takes it: an array of struct sock_filter. Rules for calls not in the table are idle. */
    public static byte[] compile(SeccompProfile profile, SyscallTable table) {
        return new BpfCompiler(profile).compile(table);
    }

    private byte[] compile(SyscallTable table) {
        refuseOtherConventions(table.architecture());
        program.load(NUMBER);
        search(segments(table));
        return program.assemble();
    }

    // The numbers of another convention (32-bit calls) mean other things, and its socketcall hides the address family.
    private void refuseOtherConventions(Architecture architecture) {
        Label native64 = new Label();
        Label other = new Label();
        program.load(ARCHITECTURE);
        program.branch(Condition.EQUAL, architecture.auditArch(), native64, other);
        program.place(other);
        program.answer(Action.KILL);
        program.place(native64);
    }

    private List<Segment> segments(SyscallTable table) {
        List<Segment> segments = new ArrayList<>();
        int next = 0;
        for (Map.Entry<Integer, List<Rule>> entry : byNumber(table).entrySet()) {
            if (entry.getKey() > next) {
                append(segments, new Segment(next, List.of()));
            }
            append(segments, new Segment(entry.getKey(), entry.getValue()));
            next = entry.getKey() + 1;
        }
        append(segments, new Segment(next, List.of()));
        append(segments, new Segment(table.highest() + 1, always(profile.unknown())));
        append(segments, new Segment(X32, always(Action.KILL)));
        return segments;
    }

    private Map<Integer, List<Rule>> byNumber(SyscallTable table) {
        Map<Integer, List<Rule>> rules = new TreeMap<>();
        for (Rule rule : profile.rules()) {
            OptionalInt number = table.number(rule.syscall());
            if (number.isPresent()) {
                add(rules, number.getAsInt(), rule);
            }
        }
        return rules;
    }

    private static void add(Map<Integer, List<Rule>> rules, int number, Rule rule) {
        List<Rule> ofCall = rules.get(number);
        if (ofCall == null) {
            ofCall = new ArrayList<>();
            rules.put(number, ofCall);
        }
        ofCall.add(rule);
    }

    private static List<Rule> always(Action action) {
        return List.of(new Rule("", List.of(), action));
    }

    // A segment of no length, or with the answer of the one before, is none.
    private void append(List<Segment> segments, Segment segment) {
        if (!segments.isEmpty() && segments.getLast().first() == segment.first()) {
            segments.removeLast();
        }
        if (segments.isEmpty() || !isSameAnswer(segments.getLast(), segment)) {
            segments.add(segment);
        }
    }

    private boolean isSameAnswer(Segment one, Segment other) {
        return isPlain(one)
                && isPlain(other)
                && answer(one).code() == answer(other).code();
    }

    private static boolean isPlain(Segment segment) {
        return segment.rules().isEmpty() || segment.rules().getFirst().checks().isEmpty();
    }

    private Action answer(Segment segment) {
        return segment.rules().isEmpty()
                ? profile.fallback()
                : segment.rules().getFirst().action();
    }

    private void search(List<Segment> segments) {
        if (segments.size() == 1) {
            decide(segments.getFirst());
            return;
        }
        int middle = segments.size() / 2;
        Label lower = new Label();
        Label far = new Label();
        Label upper = new Label();
        // The upper half may begin farther ahead than a conditional jump reaches.
        program.branch(Condition.AT_LEAST, segments.get(middle).first(), far, lower);
        program.place(far);
        program.jump(upper);
        program.place(lower);
        search(segments.subList(0, middle));
        program.place(upper);
        search(segments.subList(middle, segments.size()));
    }

    private void decide(Segment segment) {
        for (Rule rule : segment.rules()) {
            Label next = new Label();
            for (Check check : rule.checks()) {
                check(check, next);
            }
            program.answer(rule.action());
            program.place(next);
            if (rule.checks().isEmpty()) {
                return;
            }
        }
        program.answer(profile.fallback());
    }

    // Arguments have 64 bits, BPF has 32: the high halves decide first, the low ones when those are equal.
    private void check(Check check, Label failed) {
        Label low = new Label();
        Label holds = new Label();
        boolean negated = isNegated(check.comparison());
        Label yes = negated ? failed : holds;
        Label no = negated ? holds : failed;
        loadHalf(check, true);
        compareHigh(check, low, yes, no);
        program.place(low);
        loadHalf(check, false);
        compareLow(check, yes, no);
        program.place(holds);
    }

    private void compareHigh(Check check, Label low, Label yes, Label no) {
        int high = (int) (check.value() >>> 32);
        Label maybe = new Label();
        switch (check.comparison()) {
            case EQUAL, NOT_EQUAL -> program.branch(Condition.EQUAL, high, low, no);
            case GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, LESS -> {
                program.branch(Condition.GREATER, high, yes, maybe);
                program.place(maybe);
                program.branch(Condition.EQUAL, high, low, no);
            }
        }
    }

    private void compareLow(Check check, Label yes, Label no) {
        int value = (int) check.value();
        switch (check.comparison()) {
            case EQUAL, NOT_EQUAL -> program.branch(Condition.EQUAL, value, yes, no);
            case GREATER, LESS_OR_EQUAL -> program.branch(Condition.GREATER, value, yes, no);
            case GREATER_OR_EQUAL, LESS -> program.branch(Condition.AT_LEAST, value, yes, no);
        }
    }

    // BPF has jumps for =, > and >=; the other three are these with the ways exchanged.
    private static boolean isNegated(SeccompProfile.Comparison comparison) {
        return switch (comparison) {
            case NOT_EQUAL, LESS_OR_EQUAL, LESS -> true;
            case EQUAL, GREATER, GREATER_OR_EQUAL -> false;
        };
    }

    private void loadHalf(Check check, boolean high) {
        program.load(ARGUMENTS + Long.BYTES * check.index() + (high ? Integer.BYTES : 0));
        int mask = (int) (high ? check.mask() >>> 32 : check.mask());
        if (mask != -1) {
            program.and(mask);
        }
    }
}
