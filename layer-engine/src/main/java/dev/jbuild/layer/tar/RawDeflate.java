package dev.jbuild.layer.tar;

import dev.jbuild.linux.DeflateCompressor;
import dev.jbuild.linux.DeflateLibrary;
import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Raw deflate streams (RFC 1951) by the libdeflate that aircompressor ships: called directly, or, where it cannot be loaded so,
 * by aircompressor's own binding, which takes a tenth of a second to be made. It is one library, so the bytes are the same.
 */
sealed interface RawDeflate permits RawDeflate.Direct, RawDeflate.Bound {
    /** For one thread at a time. */
    static RawDeflate ofLevel(int level) {
        return Library.FOUND.isPresent()
                ? new Direct(Library.FOUND.get(), level)
                : new Bound(new DeflateNativeCompressor(level));
    }

    /** How many bytes the stream of so many can have at most. */
    int bound(int length);

    /** Compresses; {@code room} is what {@link #bound} says, and the stream's length is returned. */
    int compress(byte[] from, int offset, int length, byte[] into, int at, int room);

    /** Through this project's own call into native code. */
    record Direct(DeflateLibrary library, int level) implements RawDeflate {
        @Override
        public int bound(int length) {
            try (DeflateCompressor compressor = library.borrow(level)) {
                return compressor.bound(length);
            }
        }

        @Override
        public int compress(byte[] from, int offset, int length, byte[] into, int at, int room) {
            try (DeflateCompressor compressor = library.borrow(level)) {
                return compressor.compress(from, offset, length, into, at, room);
            }
        }
    }

    /** Through aircompressor's. */
    record Bound(DeflateNativeCompressor compressor) implements RawDeflate {
        @Override
        public int bound(int length) {
            return compressor.maxCompressedLength(length);
        }

        @Override
        public int compress(byte[] from, int offset, int length, byte[] into, int at, int room) {
            return compressor.compress(from, offset, length, into, at, room);
        }
    }

    /** Looked for when something is to be compressed, and once. */
    final class Library {
        static final Optional<DeflateLibrary> FOUND = find();

        private Library() {}

        private static Optional<DeflateLibrary> find() {
            String file = "/aircompressor/linux-" + System.getProperty("os.arch") + "/libdeflate.so";
            try (InputStream program = DeflateNativeCompressor.class.getResourceAsStream(file)) {
                return program == null ? Optional.empty() : DeflateLibrary.load(program.readAllBytes());
            } catch (IOException notLoaded) {
                // Aircompressor's binding loads it by another way, and says what is wrong if that fails too.
                return Optional.empty();
            }
        }
    }
}
