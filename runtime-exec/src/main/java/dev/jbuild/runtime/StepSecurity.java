package dev.jbuild.runtime;

import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.ProfileDocument;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a step may ask of the kernel.
 *
 * @param capabilities what root has in it, and what setuid programs can get
 * @param noNewPrivileges whether setuid programs (sudo) lose their effect; peers leave them working
 * @param apparmor the AppArmor profile to run under; empty for the builder's own
 * @param selinux the SELinux context to run under; empty for the builder's own
 * @param masked whether the dangerous parts of /proc and /sys are hidden or read-only, and devices refused
 */
public record StepSecurity(
        Set<Capability> capabilities,
        Filter filter,
        boolean noNewPrivileges,
        Optional<String> apparmor,
        Optional<String> selinux,
        boolean masked) {
    /** Which system calls work. */
    public sealed interface Filter {
        /** The standard profile, opened by the step's capabilities. */
        record Standard() implements Filter {}

        /** Those that a profile of the user's lets through. */
        record Custom(ProfileDocument profile) implements Filter {}

        /** All of them. */
        record None() implements Filter {}
    }

    /** What a step gets unless told otherwise. */
    public static final StepSecurity STANDARD = new StepSecurity(
            Capability.STANDARD, new Filter.Standard(), false, Optional.empty(), Optional.empty(), true);

    /** All that the builder itself may, for {@code RUN --security=insecure}. */
    public static final StepSecurity INSECURE = new StepSecurity(
            EnumSet.allOf(Capability.class), new Filter.None(), false, Optional.empty(), Optional.empty(), false);

    public StepSecurity {
        capabilities = Set.copyOf(capabilities);
    }

    public StepSecurity withAdded(Capability... added) {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        all.addAll(capabilities);
        all.addAll(Arrays.asList(added));
        return withCapabilities(all);
    }

    public StepSecurity withCapabilities(Set<Capability> newCapabilities) {
        return new StepSecurity(newCapabilities, filter, noNewPrivileges, apparmor, selinux, masked);
    }

    public StepSecurity withFilter(Filter newFilter) {
        return new StepSecurity(capabilities, newFilter, noNewPrivileges, apparmor, selinux, masked);
    }

    public StepSecurity withNoNewPrivileges(boolean newValue) {
        return new StepSecurity(capabilities, filter, newValue, apparmor, selinux, masked);
    }

    public StepSecurity withApparmor(String profile) {
        return new StepSecurity(capabilities, filter, noNewPrivileges, Optional.of(profile), selinux, masked);
    }

    public StepSecurity withSelinux(String context) {
        return new StepSecurity(capabilities, filter, noNewPrivileges, apparmor, Optional.of(context), masked);
    }
}
