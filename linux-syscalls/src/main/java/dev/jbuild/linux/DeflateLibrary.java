package dev.jbuild.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * libdeflate, which compresses raw deflate streams (RFC 1951) whole. It is called through the one native handle that this room
 * has: a handle for each of its functions, as a general binding makes them, takes a tenth of a second of start-up.
 */
public final class DeflateLibrary {
    private final MemorySegment make;
    private final MemorySegment bound;
    private final MemorySegment compress;

    // Never freed: there are never more than chunks compressed at one time.
    private final Map<Integer, Queue<DeflateCompressor>> idle = new ConcurrentHashMap<>();

    private DeflateLibrary(MemorySegment make, MemorySegment bound, MemorySegment compress) {
        this.make = make;
        this.bound = bound;
        this.compress = compress;
    }

    /**
     * Loads it from memory: nothing is left on the disk, whatever becomes of this process.
     *
     * @param program the shared object for this machine
     * @return empty where the machine does not let programs be loaded from memory ({@code vm.memfd_noexec}), or this is none
     */
    public static Optional<DeflateLibrary> load(byte[] program) throws IOException {
        Fd file = MemoryFile.create("libdeflate");
        try {
            Linux.system().write(file, program, 0, program.length);
            Optional<DeflateLibrary> library = symbols(file).flatMap(DeflateLibrary::of);
            // Open for good where it is loaded: the C library knows what it has loaded by this name.
            if (library.isEmpty()) {
                file.close();
            }
            return library;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @SuppressWarnings("restricted") // this room is where native code is let in
    private static Optional<SymbolLookup> symbols(Fd file) {
        String path = new String(Calls.magicLink(file), StandardCharsets.US_ASCII);
        try {
            // As a name: a path would be resolved first, and what this one leads to has none.
            return Optional.of(SymbolLookup.libraryLookup(path, Arena.global()));
        } catch (IllegalArgumentException notLoaded) {
            return Optional.empty();
        }
    }

    private static Optional<DeflateLibrary> of(SymbolLookup symbols) {
        Optional<MemorySegment> make = symbols.find("libdeflate_alloc_compressor");
        Optional<MemorySegment> bound = symbols.find("libdeflate_deflate_compress_bound");
        Optional<MemorySegment> compress = symbols.find("libdeflate_deflate_compress");
        return make.isPresent() && bound.isPresent() && compress.isPresent()
                ? Optional.of(new DeflateLibrary(make.get(), bound.get(), compress.get()))
                : Optional.empty();
    }

    /**
     * A compressor for one thread, until it is given back.
     *
     * @param level 0 to 12
     */
    public DeflateCompressor borrow(int level) {
        DeflateCompressor compressor = idle(level).poll();
        return compressor != null ? compressor : new DeflateCompressor(this, level);
    }

    void giveBack(int level, DeflateCompressor compressor) {
        idle(level).add(compressor);
    }

    private Queue<DeflateCompressor> idle(int level) {
        return idle.computeIfAbsent(level, _ -> new ConcurrentLinkedQueue<>());
    }

    long make(int level) {
        try (Scratch scratch = Scratch.borrow()) {
            long compressor = NativeCall.call(make, scratch, level, 0, 0, 0, 0, 0, 0);
            if (compressor == 0) {
                throw new OutOfMemoryError("libdeflate has no memory for a compressor of level " + level);
            }
            return compressor;
        }
    }

    long bound(long compressor, int length) {
        try (Scratch scratch = Scratch.borrow()) {
            return NativeCall.call(bound, scratch, compressor, length, 0, 0, 0, 0, 0);
        }
    }

    long compress(long compressor, long from, long length, long into, long room) {
        try (Scratch scratch = Scratch.borrow()) {
            return NativeCall.call(compress, scratch, compressor, from, length, into, room, 0, 0);
        }
    }
}
