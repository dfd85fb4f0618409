package dev.jbuild.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Enters the kernel through libc's {@code syscall(2)}.
 *
 * <p>One native handle of one shape serves every call: each further handle would cost milliseconds of start-up, and the
 * calls that libc does not wrap (openat2) need this one anyway.
 */
final class Kernel {
    private final Architecture architecture;

    Kernel(Architecture architecture) {
        this.architecture = architecture;
    }

    /** Makes a call whose error number, if it fails, is left in the scratch memory; returns what the kernel returned. */
    long call(Scratch scratch, Syscall call, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) Handle.CALL.invokeExact(
                    Handle.SYSCALL, scratch.callState(), call.number(architecture), a, b, c, d, e, f);
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable impossible) {
            throw new AssertionError("a native call throws nothing checked", impossible);
        }
    }

    /**
     * Linked when the first call is made, not when this class is loaded.
     *
     * <p>The function's address stays an argument: binding it takes a third more time to link. {@code syscall} is
     * variadic, but is given whole words only, which both architectures pass alike either way.
     */
    private static final class Handle {
        static final MemorySegment SYSCALL = Linker.nativeLinker()
                .defaultLookup()
                .find("syscall")
                .orElseThrow(() -> new UnsupportedOperationException("libc lacks syscall(2)"));
        static final MethodHandle CALL = link();

        @SuppressWarnings("restricted") // this room is where native code is let in
        private static MethodHandle link() {
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            return Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                            Linker.Option.captureCallState("errno"));
        }
    }
}
