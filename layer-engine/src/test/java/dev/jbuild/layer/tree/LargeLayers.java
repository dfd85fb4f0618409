package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A command: writes a layer of extreme size into a blob, unpacks it again, and prints the time and the most memory that took. Run it with
 * a small heap; CONTRIBUTING.md has the lines.
 *
 * <ul>
 *   <li>{@code sparse FOLDER GIB}: one sparse file of that length
 *   <li>{@code entries FOLDER COUNT}: so many empty files, a thousand in each directory
 * </ul>
 */
final class LargeLayers {
    private static final int FILES_A_DIRECTORY = 1000;

    private LargeLayers() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        long number = Long.parseLong(arguments[2]);
        LayerSource layer = arguments[0].equals("sparse") ? sparse(folder, number) : entries(number);
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                LayerBlobWriter writer =
                        new LayerBlobWriter(Runtime.getRuntime().availableProcessors())) {
            long start = System.nanoTime();
            WrittenLayer written = writer.write(layer, store.blobs(), Compression.GZIP);
            tell("written, " + written.descriptor().size() + " bytes", start);
            start = System.nanoTime();
            LayerLimits limits = LayerLimits.defaults();
            LayerBlobReader reader = new LayerBlobReader(store.blobs(), written.descriptor(), written.diffId(), limits);
            TreeWriter.unpack(
                    Linux.system(),
                    reader,
                    Files.createDirectory(folder.resolve("unpacked")),
                    Optional.empty(),
                    limits);
            tell("unpacked", start);
        }
    }

    private static LayerSource sparse(Path folder, long gibibytes) throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            file.setLength(gibibytes << 30);
            file.seek(gibibytes << 29);
            file.write(1);
        }
        return new UpperTree(Linux.system(), tree, Optional.empty());
    }

    private static LayerSource entries(long count) {
        return sink -> {
            long directories = count / (FILES_A_DIRECTORY + 1);
            for (long i = 0; i < directories; i++) {
                EntryPath directory = EntryPath.of("d" + i);
                sink.put(LayerEntry.directory(directory, 0755), InputStream.nullInputStream());
                for (int j = 0; j < FILES_A_DIRECTORY; j++) {
                    EntryPath file = EntryPath.of("d" + i + "/file-" + j);
                    sink.put(LayerEntry.file(file, 0644, 0), InputStream.nullInputStream());
                }
            }
        };
    }

    /** VmHWM is the most memory the process ever had (proc_pid_status(5)). */
    private static void tell(String what, long start) throws IOException {
        String peak = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElse("");
        System.out.printf("%s: %.1f s, %s%n", what, (System.nanoTime() - start) / 1e9, peak.replaceAll("\\s+", " "));
    }
}
