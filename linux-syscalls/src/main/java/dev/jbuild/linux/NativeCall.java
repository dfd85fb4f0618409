package dev.jbuild.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls C functions whose arguments are whole words.
 *
 * <p>One native handle of one shape, seven words in and one out, serves every function: each further handle would cost
 * milliseconds of start-up. A function that takes fewer does not look at the others, and its caller clears the stack (System V
 * ABI for AMD64, 3.2.3; AAPCS64, 6.4). The function's address stays an argument: binding it takes a third more time to link.
 */
final class NativeCall {
    /** Linked when the first call is made, not when a class that makes calls is loaded. */
    private static final MethodHandle HANDLE = link();

    private NativeCall() {}

    /** Calls with an error number left in the scratch memory; of a narrower result the upper bits are any. */
    static long call(MemorySegment function, Scratch scratch, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) HANDLE.invokeExact(function, scratch.callState(), a, b, c, d, e, f, g);
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable impossible) {
            throw new AssertionError("a native call throws nothing checked", impossible);
        }
    }

    @SuppressWarnings("restricted") // this room is where native code is let in
    private static MethodHandle link() {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                        Linker.Option.captureCallState("errno"));
    }
}
