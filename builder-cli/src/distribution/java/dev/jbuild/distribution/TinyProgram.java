package dev.jbuild.distribution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** The smallest program that a RUN of the training can run: an ELF file whose code is mkdir("/etc/made", 0755), exit(0). */
final class TinyProgram {
    private static final long BASE = 0x400000;
    private static final int FILE_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int EXECUTABLE = 2;
    private static final int LOADED = 1;
    private static final int READ_AND_EXECUTE = 5;
    private static final int PAGE = 0x10000;

    /** {@code /etc/made} and its NUL. */
    private static final String PATH = "2f6574632f6d61646500";

    private TinyProgram() {}

    /** @param architecture Java's name of it ({@code os.arch}) */
    static byte[] forArchitecture(String architecture) throws IOException {
        return switch (architecture) {
            // lea rdi, [rip + 21]; mov esi, 0755; mov eax, 83; syscall; xor edi, edi; mov eax, 60; syscall; the path
            case "amd64" ->
                elf(62, "488d3d15000000" + "beed010000" + "b853000000" + "0f05" + "31ffb83c0000000f05" + PATH);
            // mov x0, AT_FDCWD; adr x1, 28; mov x2, 0755; mov x8, 34; svc 0; mov x0, 0; mov x8, 93; svc 0; the path
            case "aarch64" ->
                elf(
                        183,
                        "600c8092" + "e1000010" + "a23d80d2" + "480480d2" + "010000d4" + "000080d2a80b80d2010000d4"
                                + PATH);
            default -> throw new IOException("no practice program for " + architecture);
        };
    }

    private static byte[] elf(int machine, String code) {
        byte[] text = HexFormat.of().parseHex(code);
        int start = FILE_HEADER + PROGRAM_HEADER;
        ByteBuffer file = ByteBuffer.allocate(start + text.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(HexFormat.of().parseHex("7f454c46020101000000000000000000"));
        file.putShort((short) EXECUTABLE).putShort((short) machine).putInt(1);
        file.putLong(BASE + start).putLong(FILE_HEADER).putLong(0).putInt(0);
        file.putShort((short) FILE_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        file.putInt(LOADED).putInt(READ_AND_EXECUTE).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(file.capacity()).putLong(file.capacity()).putLong(PAGE);
        return file.put(text).array();
    }
}
