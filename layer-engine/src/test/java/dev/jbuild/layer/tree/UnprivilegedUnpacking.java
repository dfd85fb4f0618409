package dev.jbuild.layer.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process without privilege that unpacks a layer; what it prints is checked by {@link HostileMetadataTest}. */
final class UnprivilegedUnpacking {
    private UnprivilegedUnpacking() {}

    public static void main(String[] arguments) throws IOException {
        Linux linux = Linux.system();
        Path folder = Path.of(arguments[0]);
        Path place = folder.resolve(arguments[1]);
        RecordedLayer layer = new RecordedLayer()
                .add(LayerEntry.directory(EntryPath.of("d"), 0555))
                .add(LayerEntry.device(EntryPath.of("d/device"), LayerEntry.Type.CHAR_DEVICE, 0666, 1, 3))
                .add(LayerEntry.file(EntryPath.of("d/other"), 0400, 0).withOwner(1234, 5678))
                .hardLink("d/again", "d/other");
        TreeWriter.unpack(linux, layer, place, Optional.empty(), LayerLimits.defaults())
                .forEach(System.out::println);
        RecordedLayer.of(new UpperTree(linux, place, Optional.empty())).summary().stream()
                .filter(line -> line.contains("d/"))
                .forEach(System.out::println);
        // Made of directories that bar their own owner, it must still go away.
        remove(linux, folder, arguments[1]);
        unpackWhatBarsItsOwner(linux, folder, arguments[1]);
    }

    /** What a directory that nobody may enter holds must be finished before it, and once. */
    private static void unpackWhatBarsItsOwner(Linux linux, Path folder, String name) throws IOException {
        Path place = Files.createDirectory(folder.resolve(name));
        LayerSource layer = sink -> {
            new RecordedLayer()
                    .add(LayerEntry.directory(EntryPath.of("barred"), 0))
                    .add(LayerEntry.directory(EntryPath.of("barred/below"), 0))
                    .writeTo(sink);
            sink.end();
        };
        TreeWriter.unpack(linux, layer, place, Optional.empty(), LayerLimits.defaults());
        remove(linux, folder, name);
    }

    private static void remove(Linux linux, Path folder, String name) throws IOException {
        try (Fd parent = linux.open(folder, OpenFlag.PATH)) {
            new TreeRemover(linux).remove(parent, name.getBytes(UTF_8));
        }
    }
}
