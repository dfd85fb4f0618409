package dev.jbuild.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;

/**
 * Intel's ISA-L, where this machine has it as {@code libisal.so.2} (Debian's package {@code libisal2}): it inflates at two to
 * three times the speed of zlib. It is never asked to compress, so that no output depends on whether it is there.
 */
public final class IsalLibrary {
    private static final String SONAME = "libisal.so.2";
    private static final int SAMPLE = 3000;

    private final MemorySegment init;
    private final MemorySegment inflate;

    private IsalLibrary(MemorySegment init, MemorySegment inflate) {
        this.init = init;
        this.inflate = inflate;
    }

    /** The library; empty where it is not installed, or does not inflate a sample as this class expects it to. */
    public static Optional<IsalLibrary> find() {
        return Loaded.LIBRARY;
    }

    /** A decoder of one stream at a time, for one thread at a time. */
    public IsalInflater newInflater() {
        return new IsalInflater(this);
    }

    void init(Scratch scratch, long state) {
        NativeCall.call(init, scratch, state, 0, 0, 0, 0, 0, 0);
    }

    /** An int of C: zero if all is well. */
    int inflate(Scratch scratch, long state) {
        return (int) NativeCall.call(inflate, scratch, state, 0, 0, 0, 0, 0, 0);
    }

    private boolean inflatesASample() {
        byte[] sample = new byte[SAMPLE];
        for (int i = 0; i < SAMPLE; i++) {
            sample[i] = (byte) (i % 61 + (i >> 8) * i % 7);
        }
        return inflates(sample, Deflater.BEST_SPEED) && inflates(sample, Deflater.NO_COMPRESSION);
    }

    /** Its structures are known by their offsets alone: another layout must show before anything depends on it. */
    private boolean inflates(byte[] sample, int level) {
        byte[] stream = new byte[2 * SAMPLE];
        int length = deflate(sample, level, stream);
        byte[] result = new byte[SAMPLE + 1];
        int count = 0;
        try (IsalInflater inflater = newInflater()) {
            for (int at = 0; at < length + 2 && !inflater.hasEnded(); at += 7) {
                inflater.feed(stream, at, 7);
                for (int n = -1; n != 0 && count < result.length; count += n) {
                    n = inflater.decode(result, count, Math.min(50, result.length - count));
                }
            }
            return inflater.hasEnded()
                    && count == SAMPLE
                    && Arrays.equals(result, 0, SAMPLE, sample, 0, SAMPLE)
                    && inflater.unused() == (7 - length % 7) % 7;
        } catch (DataFormatException | IllegalArgumentException e) {
            // Numbers of another layout may even be none that a buffer can take.
            return false;
        }
    }

    private static int deflate(byte[] sample, int level, byte[] stream) {
        try (Deflater deflater = new Deflater(level, true)) {
            deflater.setInput(sample);
            deflater.finish();
            return deflater.deflate(stream);
        }
    }

    /** Looked for when a stream is to be inflated, and once. */
    private static final class Loaded {
        static final Optional<IsalLibrary> LIBRARY = load();

        @SuppressWarnings("restricted") // this room is where native code is let in
        private static Optional<IsalLibrary> load() {
            SymbolLookup symbols;
            try {
                symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            } catch (IllegalArgumentException notInstalled) {
                return Optional.empty();
            }
            return symbols.find("isal_inflate_init")
                    .flatMap(init -> symbols.find("isal_inflate").map(inflate -> new IsalLibrary(init, inflate)))
                    .filter(IsalLibrary::inflatesASample);
        }
    }
}
