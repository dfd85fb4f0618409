package dev.jbuild.layer.tar;

/**
 * Tells bytes that deflate would not make smaller, such as archives, pictures and ciphertext, by looking at them: trying
 * takes as long as compressing text does, for nothing. Whole numbers only, so that every machine sees the same.
 */
final class Compressibility {
    /** Enough to tell text and programs, at a sixteenth of the price of looking at all. */
    private static final int GLANCE = 4 << 10;

    private static final int VALUES = 256;
    private static final int TABLE_BITS = 13;

    private Compressibility() {}

    /** Whether deflate may make these bytes smaller; false only when it hardly can. */
    static boolean mayShrink(byte[] bytes, int start, int length) {
        return length < GLANCE
                || isUneven(bytes, start, GLANCE, 25)
                || isUneven(bytes, start, length, 2)
                || repeatsItself(bytes, start, length);
    }

    /**
     * Whether some bytes are so much more frequent than others that Huffman codes help: the sum of the squares of their
     * frequencies is by these percents above that of evenly spread ones (the chance of drawing the same byte twice).
     */
    private static boolean isUneven(byte[] bytes, int start, int length, int percents) {
        int[] counts = new int[VALUES];
        for (int i = start; i < start + length; i++) {
            counts[bytes[i] & 0xff]++;
        }
        long squares = 0;
        for (int count : counts) {
            squares += (long) count * count;
        }
        // Random bytes have one length above an even spread: their frequencies are not quite even.
        long even = (long) length * length / VALUES + length;
        return squares * 100 > even * (100 + percents);
    }

    /**
     * Whether sequences come again: of every sixteenth, picked by content so that the distance does not matter, some are
     * remembered; more than one in thirty of the picked must be met again. Less saves hardly more than nothing, and the end of
     * a text before an archive would have all of the slice compressed for it.
     */
    private static boolean repeatsItself(byte[] bytes, int start, int length) {
        int[] met = new int[1 << TABLE_BITS];
        int picked = 0;
        int repeated = 0;
        int last = 0;
        for (int i = start; i < start + length; i++) {
            last = (last << 8) | (bytes[i] & 0xff);
            int mixed = last * 0x9E3779B1;
            if (mixed >>> 28 == 0) {
                int slot = (mixed >>> (28 - TABLE_BITS)) & (met.length - 1);
                repeated += met[slot] == last ? 1 : 0;
                met[slot] = last;
                picked++;
            }
        }
        return repeated * 30 > picked;
    }
}
