package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.Output;
import dev.jbuild.layer.image.ImageArchiveWriter;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Writes a result as a file or directory outside the store. A file appears whole or not at all. */
final class OutputWriter {
    private final BuildTools tools;
    private final BlobSource blobs;
    private final List<ImageName> names;
    private final LayerWorkshop workshop;

    OutputWriter(BuildTools tools, BlobSource blobs, List<ImageName> names, LayerWorkshop workshop) {
        this.tools = tools;
        this.workshop = workshop;
        this.blobs = blobs;
        this.names = names;
    }

    void write(Output output, Descriptor image, Snapshot filesystem) throws IOException, BuildException {
        switch (output.kind()) {
            case OCI -> toFile(output, out -> ImageArchiveWriter.writeOci(out, blobs, image, names));
            case DOCKER -> toFile(output, out -> ImageArchiveWriter.writeDocker(out, blobs, image, names));
            case TAR -> toFile(output, out -> writeTar(filesystem, out));
            case LOCAL -> writeDirectory(filesystem, output.destination());
        }
    }

    private void writeTar(Snapshot filesystem, OutputStream out) throws IOException {
        TarLayerWriter writer = new TarLayerWriter(out);
        if (!filesystem.layers().isEmpty()) {
            try (StackedTree tree = workshop.stack(filesystem.layers())) {
                new TreeLayer(tree).writeTo(writer);
            }
        }
        writer.finish();
    }

    private void writeDirectory(Snapshot filesystem, Optional<Path> destination) throws IOException, BuildException {
        Path directory = destination.orElseThrow(
                () -> new BuildException(Kind.USAGE, "--output type=local needs dest=DIRECTORY"));
        Files.createDirectories(directory);
        if (filesystem.layers().isEmpty()) {
            return;
        }
        try (StackedTree tree = workshop.stack(filesystem.layers());
                TreeWriter writer = new TreeWriter(tools.linux(), directory, Optional.empty(), workshop.limits())) {
            new TreeLayer(tree).writeTo(writer);
            writer.finish();
        }
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
