package dev.jbuild.linux;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Enters the kernel through libc's {@code syscall(2)}: the calls that libc does not wrap (openat2) need it, so all take it.
 * It is variadic, but is given whole words only, which both architectures pass alike either way.
 */
final class Kernel {
    private final Architecture architecture;

    Kernel(Architecture architecture) {
        this.architecture = architecture;
    }

    /** Makes a call whose error number, if it fails, is left in the scratch memory; returns what the kernel returned. */
    long call(Scratch scratch, Syscall call, long a, long b, long c, long d, long e, long f) {
        return NativeCall.call(Function.SYSCALL, scratch, call.number(architecture), a, b, c, d, e, f);
    }

    /** Looked up when the first call is made, not when this class is loaded. */
    private static final class Function {
        static final MemorySegment SYSCALL = Linker.nativeLinker()
                .defaultLookup()
                .find("syscall")
                .orElseThrow(() -> new UnsupportedOperationException("libc lacks syscall(2)"));
    }
}
