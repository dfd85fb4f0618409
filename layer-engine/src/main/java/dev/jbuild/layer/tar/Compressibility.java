package dev.jbuild.layer.tar;

/**
 * Tells bytes that deflate would not make smaller, such as archives, pictures and ciphertext, by looking at a part of them:
 * trying takes as long as compressing text does, for nothing. Whole numbers only, so that every machine sees the same.
 */
final class Compressibility {
    /** Enough to tell text and programs, at a fraction of the price of looking further. */
    private static final int GLANCE = 4 << 10;

    private static final int VALUES = 256;

    /** Bytes are counted in pieces of so many. */
    private static final int COUNTED = 1 << 10;

    /** Where the next piece begins; not a page's size, so that no place in the pages is left out. */
    private static final int COUNTED_OF = 5 << 10;

    /** Of so many sequences the last {@link #SOUGHT} are sought among those before; not a page's size either. */
    private static final int SOUGHT_OF = 31 * 32;

    private static final int SOUGHT = 32;

    /** Every so manieth sequence is remembered. */
    private static final int REMEMBERED = 16;

    private static final int SEQUENCE = 4;
    private static final int TABLE_BITS = 12;

    private Compressibility() {}

    /** Whether deflate may make these bytes smaller; false only when it hardly can. */
    static boolean mayShrink(byte[] bytes, int start, int length) {
        return length < GLANCE
                || isUneven(count(bytes, start, GLANCE, COUNTED), 25)
                || isUneven(count(bytes, start, length, COUNTED_OF), 2)
                || repeatsItself(bytes, start, length);
    }

    /** How often each value is in the pieces that begin so many bytes from each other. */
    private static int[] count(byte[] bytes, int start, int length, int step) {
        int[] counts = new int[VALUES];
        int end = start + length;
        for (int at = start; at < end; at += step) {
            int stop = Math.min(at + COUNTED, end);
            for (int i = at; i < stop; i++) {
                counts[bytes[i] & 0xff]++;
            }
        }
        return counts;
    }

    /**
     * Whether some bytes are so much more frequent than others that Huffman codes help: the sum of the squares of their
     * frequencies is by these percents above that of evenly spread ones (the chance of drawing the same byte twice).
     */
    private static boolean isUneven(int[] counts, int percents) {
        long sum = 0;
        long squares = 0;
        for (int count : counts) {
            sum += count;
            squares += (long) count * count;
        }
        // Random bytes have one sum above an even spread: their frequencies are not quite even.
        long even = sum * sum / VALUES + sum;
        return squares * 100 > even * (100 + percents);
    }

    /**
     * Whether sequences come again, at whatever distance: more than one in thirty would have to. Of what repeats only the part
     * that is remembered can be met. Less saves hardly more than nothing, and the end of a text before an archive would have
     * all of the slice compressed for it.
     */
    private static boolean repeatsItself(byte[] bytes, int start, int length) {
        int[] met = new int[1 << TABLE_BITS];
        int end = start + length - SEQUENCE + 1;
        int sought = 0;
        int found = 0;
        for (int at = start; at < end; at += SOUGHT_OF) {
            int next = Math.min(at + SOUGHT_OF, end);
            int run = Math.max(at, next - SOUGHT);
            remember(met, bytes, at, run);
            for (int i = run; i < next; i++) {
                int sequence = sequence(bytes, i);
                found += met[slot(sequence)] == sequence ? 1 : 0;
            }
            sought += next - run;
            remember(met, bytes, run, next);
        }
        return (long) found * REMEMBERED * 30 > sought;
    }

    private static void remember(int[] met, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i += REMEMBERED) {
            int sequence = sequence(bytes, i);
            met[slot(sequence)] = sequence;
        }
    }

    private static int sequence(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    private static int slot(int sequence) {
        return (sequence * 0x9E3779B1) >>> (Integer.SIZE - TABLE_BITS);
    }
}
