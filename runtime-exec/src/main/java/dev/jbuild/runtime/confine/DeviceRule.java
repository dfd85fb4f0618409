package dev.jbuild.runtime.confine;

import java.util.List;
import java.util.OptionalInt;

/**
 * Devices that a step may reach.
 *
 * @param major its number; empty for all
 * @param minor its number; empty for all
 * @param access what may be done: {@code r}ead, {@code w}rite, {@code m}ake a node
 */
public record DeviceRule(Type type, OptionalInt major, OptionalInt minor, String access) {
    /** The two kinds of device nodes, by their letter. */
    public enum Type {
        BLOCK("b", 1),
        CHARACTER("c", 2);

        private final String letter;
        private final int number;

        Type(String letter, int number) {
            this.letter = letter;
            this.number = number;
        }

        public String letter() {
            return letter;
        }

        /** BPF_DEVCG_DEV_BLOCK or BPF_DEVCG_DEV_CHAR. */
        int number() {
            return number;
        }
    }

    private static final int MAKE = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;

    /** Nodes of all devices may be made, but only those without power over the machine opened: as containerd has it. */
    public static final List<DeviceRule> STANDARD = List.of(
            new DeviceRule(Type.CHARACTER, OptionalInt.empty(), OptionalInt.empty(), "m"),
            new DeviceRule(Type.BLOCK, OptionalInt.empty(), OptionalInt.empty(), "m"),
            device(1, 3),
            device(1, 5),
            device(1, 7),
            device(1, 8),
            device(1, 9),
            device(5, 0),
            device(5, 2),
            new DeviceRule(Type.CHARACTER, OptionalInt.of(136), OptionalInt.empty(), "rwm"));

    private static DeviceRule device(int major, int minor) {
        return new DeviceRule(Type.CHARACTER, OptionalInt.of(major), OptionalInt.of(minor), "rwm");
    }

    /** BPF_DEVCG_ACC_*. */
    int accessMask() {
        return (access.contains("m") ? MAKE : 0)
                | (access.contains("r") ? READ : 0)
                | (access.contains("w") ? WRITE : 0);
    }

    /** As the devices controller of version 1 reads it: {@code c 1:3 rwm}. */
    @Override
    public String toString() {
        return type.letter + " " + number(major) + ":" + number(minor) + " " + access;
    }

    private static String number(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "*";
    }
}
