package dev.jbuild.runtime.confine;

import dev.jbuild.runtime.confine.SeccompProfile.Action;
import dev.jbuild.runtime.confine.SeccompProfile.Check;
import dev.jbuild.runtime.confine.SeccompProfile.Comparison;
import dev.jbuild.runtime.confine.SeccompProfile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The system calls of a step unless told otherwise: what Docker's default profile allows, with our own stricter edges. */
public final class DefaultProfile {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    // The kernel reads int arguments from the low half of the register, so the high half must not decide: a filter
    // that compares 64 bits lets socket(0x1_0000_0026) pass as "above 40", which the kernel takes for AF_ALG.
    private static final long LOW_HALF = 0xffff_ffffL;

    // Address families in blocks of powers of two, up to 47 (the last one known is 45), without AF_ALG (38:
    // CVE-2026-31431) and AF_VSOCK (40: it reaches the hypervisor).
    private static final long[][] SOCKETS = {{0, 32}, {32, 4}, {36, 2}, {39, 1}, {41, 1}, {42, 2}, {44, 4}};

    // All CLONE_NEW* flags but CLONE_NEWTIME, which clone(2) cannot take.
    private static final long NEW_NAMESPACES = 0x7e02_0000L;

    // PER_LINUX, PER_LINUX32, each also with UNAME26, and the query. Others switch off protections of the kernel.
    private static final long[] PERSONALITIES = {0x0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffffL};

    private DefaultProfile() {}

    /** The profile for a step that has these capabilities: each opens the calls that it is about. */
    public static SeccompProfile of(SyscallTable table, Set<Capability> capabilities) {
        List<Rule> rules = new ArrayList<>();
        for (SyscallTable.Entry entry : table.entries()) {
            addRules(rules, entry, capabilities);
        }
        return new SeccompProfile(Action.errno(EPERM), Action.errno(ENOSYS), rules);
    }

    private static void addRules(List<Rule> rules, SyscallTable.Entry entry, Set<Capability> capabilities) {
        switch (entry.verdict()) {
            case "allow" -> rules.add(allow(entry.name()));
            case "refuse" -> {}
            case "rule" -> addConditional(rules, entry.name(), capabilities.contains(Capability.SYS_ADMIN));
            default -> addIfCapable(rules, entry, capabilities);
        }
    }

    private static void addIfCapable(List<Rule> rules, SyscallTable.Entry entry, Set<Capability> capabilities) {
        for (String name : entry.verdict().split(",", -1)) {
            if (capabilities.contains(Capability.valueOf(name))) {
                rules.add(allow(entry.name()));
                return;
            }
        }
    }

    private static void addConditional(List<Rule> rules, String syscall, boolean admin) {
        switch (syscall) {
            case "socket" -> addSockets(rules);
            case "personality" -> addPersonalities(rules);
            case "clone" -> rules.add(admin ? allow(syscall) : allowWithout(syscall, NEW_NAMESPACES));
            // Its flags lie in memory, where no filter can look: libc falls back to clone.
            case "clone3" -> rules.add(admin ? allow(syscall) : new Rule(syscall, List.of(), Action.errno(ENOSYS)));
            default -> throw new IllegalStateException("no rule is written for the system call " + syscall);
        }
    }

    private static void addSockets(List<Rule> rules) {
        for (long[] block : SOCKETS) {
            Check inBlock = new Check(0, LOW_HALF & ~(block[1] - 1), Comparison.EQUAL, block[0]);
            rules.add(new Rule("socket", List.of(inBlock), Action.ALLOW));
        }
    }

    private static void addPersonalities(List<Rule> rules) {
        for (long personality : PERSONALITIES) {
            rules.add(new Rule("personality", List.of(firstIs(personality)), Action.ALLOW));
        }
    }

    private static Rule allow(String syscall) {
        return new Rule(syscall, List.of(), Action.ALLOW);
    }

    private static Rule allowWithout(String syscall, long flags) {
        return new Rule(syscall, List.of(new Check(0, flags, Comparison.EQUAL, 0)), Action.ALLOW);
    }

    private static Check firstIs(long value) {
        return new Check(0, LOW_HALF, Comparison.EQUAL, value);
    }
}
