package dev.jbuild.linux;

/** The types of file that Linux knows, with their S_IFMT bits (inode(7)). */
public enum FileKind {
    FIFO(0010000),
    CHAR_DEVICE(0020000),
    DIRECTORY(0040000),
    BLOCK_DEVICE(0060000),
    FILE(0100000),
    SYMLINK(0120000),
    SOCKET(0140000);

    private static final int MASK = 0170000;

    private final int bits;

    FileKind(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }

    static FileKind ofMode(int mode) {
        return switch (mode & MASK) {
            case 0010000 -> FIFO;
            case 0020000 -> CHAR_DEVICE;
            case 0040000 -> DIRECTORY;
            case 0060000 -> BLOCK_DEVICE;
            case 0100000 -> FILE;
            case 0120000 -> SYMLINK;
            case 0140000 -> SOCKET;
            default -> throw new IllegalStateException("unknown file type in mode " + Integer.toOctalString(mode));
        };
    }
}
