package dev.jbuild.layer.tar;

import dev.jbuild.linux.IsalInflater;
import dev.jbuild.linux.IsalLibrary;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes raw deflate streams (RFC 1951), one after the other, in pieces of any size. */
sealed interface DeflateDecoder extends AutoCloseable {
    /** The most bytes that may be fed at a time. */
    int MOST_INPUT = IsalInflater.INPUT;

    /** How many bytes before those fed last may turn out to lie behind the stream's end. */
    int LOOK_BACK = IsalInflater.LOOK_BACK;

    /** ISA-L's where this machine has it, otherwise the JDK's. */
    static DeflateDecoder fastest() {
        return IsalLibrary.find()
                .<DeflateDecoder>map(library -> new Isal(library.newInflater()))
                .orElseGet(Jdk::new);
    }

    /** Expects the beginning of a stream. */
    void reset();

    /** Gives it the next bytes, which do not change until they are used, once {@link #decode} has returned zero. */
    void feed(byte[] input, int offset, int length);

    /** How many bytes it put into a part of an array; zero when it needs more input, or the stream has ended. */
    int decode(byte[] output, int offset, int length) throws DataFormatException;

    boolean hasEnded();

    /** After the end: how many of the bytes fed lie behind the stream. */
    int unused();

    @Override
    void close();

    /** The JDK's, which is zlib. */
    record Jdk(Inflater inflater) implements DeflateDecoder {
        Jdk() {
            this(new Inflater(true));
        }

        @Override
        public void reset() {
            inflater.reset();
        }

        @Override
        public void feed(byte[] input, int offset, int length) {
            inflater.setInput(input, offset, length);
        }

        @Override
        public int decode(byte[] output, int offset, int length) throws DataFormatException {
            int count = inflater.inflate(output, offset, length);
            if (inflater.needsDictionary()) {
                throw new DataFormatException("a preset dictionary");
            }
            return count;
        }

        @Override
        public boolean hasEnded() {
            return inflater.finished();
        }

        @Override
        public int unused() {
            return inflater.getRemaining();
        }

        @Override
        public void close() {
            inflater.end();
        }
    }

    /** ISA-L's. */
    record Isal(IsalInflater inflater) implements DeflateDecoder {
        @Override
        public void reset() {
            inflater.reset();
        }

        @Override
        public void feed(byte[] input, int offset, int length) {
            inflater.feed(input, offset, length);
        }

        @Override
        public int decode(byte[] output, int offset, int length) throws DataFormatException {
            return inflater.decode(output, offset, length);
        }

        @Override
        public boolean hasEnded() {
            return inflater.hasEnded();
        }

        @Override
        public int unused() {
            return inflater.unused();
        }

        @Override
        public void close() {
            inflater.close();
        }
    }
}
