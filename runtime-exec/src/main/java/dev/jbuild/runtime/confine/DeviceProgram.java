package dev.jbuild.runtime.confine;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The program (BPF_PROG_TYPE_CGROUP_DEVICE) with which a version 2 cgroup decides about devices, which has no file for
 * it: it allows what one of the rules does, and nothing else.
 */
public final class DeviceProgram {
    // struct bpf_cgroup_dev_ctx: access_type (type in the low half, access in the high), major, minor.
    private static final int MAJOR_OFFSET = 4;
    private static final int MINOR_OFFSET = 8;
    private static final int ACCESS_SHIFT = 16;
    private static final int TYPE_MASK = 0xffff;

    // Operation codes of eBPF (Documentation/bpf/standardization/instruction-set.rst).
    private static final int LOAD_WORD = 0x61;
    private static final int AND = 0x54;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int COPY = 0xbc;
    private static final int SET = 0xb7;
    private static final int JUMP_NOT_EQUAL = 0x56;
    private static final int EXIT = 0x95;

    private static final int RESULT = 0;
    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;
    private static final int SCRATCH = 6;
    private static final int ALL_ACCESS = 7;

    private final ByteArrayOutputStream program = new ByteArrayOutputStream();

    private DeviceProgram() {}

    /** An array of struct bpf_insn. */
    public static byte[] of(List<DeviceRule> rules) {
        DeviceProgram program = new DeviceProgram();
        program.load();
        rules.forEach(program::allow);
        program.answer(0);
        return program.program.toByteArray();
    }

    private void load() {
        put(LOAD_WORD, TYPE, CONTEXT, 0, 0);
        put(COPY, ACCESS, TYPE, 0, 0);
        put(AND, TYPE, 0, 0, TYPE_MASK);
        put(SHIFT_RIGHT, ACCESS, 0, 0, ACCESS_SHIFT);
        put(LOAD_WORD, MAJOR, CONTEXT, MAJOR_OFFSET, 0);
        put(LOAD_WORD, MINOR, CONTEXT, MINOR_OFFSET, 0);
    }

    // Each check that fails jumps over what is left of its rule: the other checks and the two instructions that answer.
    private void allow(DeviceRule rule) {
        int left = 2 + (rule.minor().isPresent() ? 1 : 0) + (rule.major().isPresent() ? 1 : 0);
        put(JUMP_NOT_EQUAL, TYPE, 0, left + 3, rule.type().number());
        put(COPY, SCRATCH, ACCESS, 0, 0);
        put(AND, SCRATCH, 0, 0, ALL_ACCESS & ~rule.accessMask());
        put(JUMP_NOT_EQUAL, SCRATCH, 0, left, 0);
        if (rule.major().isPresent()) {
            put(JUMP_NOT_EQUAL, MAJOR, 0, --left, rule.major().getAsInt());
        }
        if (rule.minor().isPresent()) {
            put(JUMP_NOT_EQUAL, MINOR, 0, --left, rule.minor().getAsInt());
        }
        answer(1);
    }

    private void answer(int value) {
        put(SET, RESULT, 0, 0, value);
        put(EXIT, 0, 0, 0, 0);
    }

    private void put(int code, int destination, int source, int offset, int constant) {
        program.write(code);
        program.write(source << 4 | destination);
        program.write(offset);
        program.write(offset >>> Byte.SIZE);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            program.write(constant >>> shift);
        }
    }
}
