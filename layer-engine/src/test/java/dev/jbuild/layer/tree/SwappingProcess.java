package dev.jbuild.layer.tree;

import dev.jbuild.layer.JavaProcess;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.linux.RenameFlag;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Another process that exchanges two names of a directory, {@code d} and {@code l}, as fast as it can until it is told to stop. */
public final class SwappingProcess implements Closeable {
    private static final byte[] DIRECTORY = {'d'};
    private static final byte[] LINK = {'l'};
    private static final int SWAPS = 0;
    private static final int STOP = Long.BYTES;

    private final Process process;
    private final MappedByteBuffer shared;

    private SwappingProcess(Process process, MappedByteBuffer shared) {
        this.process = process;
        this.shared = shared;
    }

    /** @param notes a file to be, by which the two processes know of each other */
    public static SwappingProcess in(Path directory, Path notes) throws IOException {
        MappedByteBuffer shared = map(notes);
        Process process = JavaProcess.of(SwappingProcess.class, directory.toString(), notes.toString())
                .inheritIO()
                .start();
        SwappingProcess swapping = new SwappingProcess(process, shared);
        while (swapping.swaps() == 0) {
            if (!process.isAlive()) {
                throw new IOException("nobody swaps: the process ended with " + process.exitValue());
            }
            Thread.onSpinWait();
        }
        return swapping;
    }

    /** How often it has swapped by now. */
    public long swaps() {
        return shared.getLong(SWAPS);
    }

    /** Stops; fails when the process did not swap until now. */
    @Override
    public void close() throws IOException {
        shared.put(STOP, (byte) 1);
        int end = process.onExit().join().exitValue();
        if (end != 0) {
            throw new IOException("the process that swaps ended with " + end);
        }
    }

    public static void main(String[] arguments) throws IOException {
        MappedByteBuffer shared = map(Path.of(arguments[1]));
        Linux linux = Linux.system();
        try (Fd directory = linux.open(Path.of(arguments[0]), OpenFlag.PATH)) {
            for (long swaps = 1; shared.get(STOP) == 0; swaps++) {
                swap(linux, directory);
                shared.putLong(SWAPS, swaps);
            }
        }
    }

    private static void swap(Linux linux, Fd directory) throws IOException {
        try {
            linux.renameAt(directory, DIRECTORY, directory, LINK, RenameFlag.EXCHANGE);
        } catch (LinuxException e) {
            // What is tried may take one of the two away for a moment.
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private static MappedByteBuffer map(Path notes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(notes.toFile(), "rw")) {
            return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, STOP + 1);
        }
    }
}
