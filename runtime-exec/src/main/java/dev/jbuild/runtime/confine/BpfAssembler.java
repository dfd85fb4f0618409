package dev.jbuild.runtime.confine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Puts classic BPF instructions (struct sock_filter) one after another; jumps name labels that are placed later. */
final class BpfAssembler {
    private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K
    private static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    private static final int MAX_CONDITIONAL = 255;
    private static final int INSTRUCTION_BYTES = 8;

    /** The conditions of a jump: the loaded word compared with a constant, unsigned. */
    enum Condition {
        EQUAL(0x15),
        GREATER(0x25),
        AT_LEAST(0x35);

        private final int code;

        Condition(int code) {
            this.code = code;
        }
    }

    /** A place in the program. */
    static final class Label {
        private int position = -1;
    }

    private record Instruction(int code, int constant, List<Label> targets) {}

    private final List<Instruction> instructions = new ArrayList<>();

    int size() {
        return instructions.size();
    }

    void load(int offset) {
        add(LOAD, offset);
    }

    void and(int mask) {
        add(AND, mask);
    }

    void answer(SeccompProfile.Action action) {
        add(RETURN, action.code());
    }

    void jump(Label target) {
        instructions.add(new Instruction(JUMP, 0, List.of(target)));
    }

    /** Goes to one of two labels, each at most 255 instructions ahead. */
    void branch(Condition condition, int constant, Label yes, Label no) {
        instructions.add(new Instruction(condition.code, constant, List.of(yes, no)));
    }

    /** The next instruction is what the label means. */
    void place(Label label) {
        label.position = instructions.size();
    }

    byte[] assemble() {
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < instructions.size(); i++) {
            write(bytes, i, instructions.get(i));
        }
        return bytes.array();
    }

    private void add(int code, int constant) {
        instructions.add(new Instruction(code, constant, List.of()));
    }

    private static void write(ByteBuffer bytes, int at, Instruction instruction) {
        List<Label> targets = instruction.targets();
        boolean conditional = targets.size() == 2;
        bytes.putShort((short) instruction.code());
        bytes.put((byte) (conditional ? near(at, targets.getFirst()) : 0));
        bytes.put((byte) (conditional ? near(at, targets.getLast()) : 0));
        bytes.putInt(targets.size() == 1 ? distance(at, targets.getFirst()) : instruction.constant());
    }

    private static int near(int at, Label target) {
        int distance = distance(at, target);
        if (distance > MAX_CONDITIONAL) {
            throw new IllegalStateException("a conditional jump over " + distance + " instructions");
        }
        return distance;
    }

    // BPF counts from the instruction after the jump, and knows no way back.
    private static int distance(int at, Label target) {
        int distance = target.position - at - 1;
        if (distance < 0) {
            throw new IllegalStateException("a jump to a label that is not ahead of it");
        }
        return distance;
    }
}
