package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.image.FinishedImage;
import dev.jbuild.core.image.Image;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.image.ImageArchiveWriter;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes a result as a file or directory outside the store. A file appears whole or not at all. */
final class OutputWriter {
    private final BuildTools tools;
    private final BlobSource blobs;
    private final List<ImageName> names;
    private final LayerWorkshop workshop;
    private final OptionalLong epoch;

    /** @param epoch the time of all files of a filesystem that is written, in seconds since 1970; empty leaves them theirs */
    OutputWriter(
            BuildTools tools, BlobSource blobs, List<ImageName> names, LayerWorkshop workshop, OptionalLong epoch) {
        this.tools = tools;
        this.workshop = workshop;
        this.blobs = blobs;
        this.names = names;
        this.epoch = epoch;
    }

    /** Writes an image as an archive, or as the folder that the archive would be. */
    void writeImage(Output output, FinishedImage image) throws IOException, BuildException {
        if (output.asFolder()) {
            writeFolder(directory(output), image);
        } else if (output.kind() == Output.Kind.DOCKER) {
            toFile(output, out -> ImageArchiveWriter.writeDocker(out, blobs, image.descriptor(), names));
        } else {
            toFile(output, out -> ImageArchiveWriter.writeOci(out, blobs, image.descriptor(), names));
        }
    }

    /** Writes the root filesystem; those of several platforms side by side in directories, or one over the other. */
    void writeFilesystem(Output output, List<PlatformResult> results) throws IOException, BuildException {
        boolean split = results.size() > 1 && output.split();
        if (output.kind() == Output.Kind.TAR) {
            toFile(output, out -> writeTar(results, split, out));
        } else {
            writeDirectory(results, split, directory(output));
        }
    }

    private void writeFolder(Path folder, FinishedImage image) throws IOException {
        try (OciLayout layout = OciLayout.create(folder, tools.linux())) {
            for (Image each : image.images()) {
                for (Descriptor blob : each.blobs()) {
                    layout.accept(blob, blobs);
                }
                layout.accept(each.descriptor(), blobs);
            }
            layout.accept(image.descriptor(), blobs);
            layout.putImage(image.descriptor(), names);
        }
    }

    private void writeTar(List<PlatformResult> results, boolean split, OutputStream out) throws IOException {
        TarLayerWriter writer = new TarLayerWriter(out);
        for (PlatformResult result : results) {
            write(result, split, writer);
        }
        writer.finish();
    }

    private void writeDirectory(List<PlatformResult> results, boolean split, Path directory) throws IOException {
        for (PlatformResult result : results) {
            // What is refused leaves no directory behind.
            LayerWorkshop.trees(result.filesystem().layers());
        }
        Files.createDirectories(directory);
        try (TreeWriter writer = new TreeWriter(tools.linux(), directory, Optional.empty(), workshop.limits())) {
            for (PlatformResult result : results) {
                write(result, split, writer);
            }
            writer.finish();
        }
    }

    private void write(PlatformResult result, boolean split, LayerSink sink) throws IOException {
        EntryPath top = split ? EntryPath.of(result.directory()) : EntryPath.ROOT;
        if (split) {
            sink.put(dated(LayerEntry.directory(top, 0755)), InputStream.nullInputStream());
        }
        if (!result.filesystem().layers().isEmpty()) {
            try (StackedTree tree = workshop.stack(result.filesystem().layers())) {
                new TreeLayer(tree).writeTo((entry, content) -> sink.put(dated(below(top, entry)), content));
            }
        }
    }

    private static LayerEntry below(EntryPath top, LayerEntry entry) {
        EntryPath path = top.resolve(entry.path());
        if (entry.type() != LayerEntry.Type.HARDLINK) {
            return entry.withPath(path);
        }
        // A link says what its file is: extractors that change owner and mode after linking would take these from the
        // file.
        return LayerEntry.hardLink(path, top.resolve(entry.hardLinkTarget()))
                .withMode(entry.mode())
                .withOwner(entry.uid(), entry.gid())
                .withMtime(entry.mtime());
    }

    private LayerEntry dated(LayerEntry entry) {
        return epoch.isPresent() ? entry.withMtime(new Timestamp(epoch.getAsLong(), 0)) : entry;
    }

    private static Path directory(Output output) throws BuildException {
        return output.destination()
                .orElseThrow(() -> new BuildException(
                        Kind.USAGE,
                        "--output type=" + output.kind().name().toLowerCase(Locale.ROOT) + " needs dest=DIRECTORY"));
    }

    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private void toFile(Output output, Writing writing) throws IOException {
        if (output.destination().isEmpty()) {
            OutputStream out = new BufferedOutputStream(new Unclosed(tools.stdout()), 1 << 16);
            writing.to(out);
            out.flush();
            return;
        }
        Path file = output.destination().get().toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                writing.to(out);
            }
            return;
        }
        Path temporary =
                file.resolveSibling(".jbuild-" + ProcessHandle.current().pid() + "-" + file.getFileName() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    1 << 16)) {
                writing.to(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Standard output belongs to the process. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
