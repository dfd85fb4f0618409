package dev.jbuild.layer.image;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.BlobSink;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.NoSuchBlobException;
import dev.jbuild.oci.VerifyingInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An OCI image layout in a folder of the user's: a destination of {@code --output}, or an image from elsewhere. What is
 * read may be hostile: every file is reached without following links and must be a regular one (a link would put a file of
 * this machine into an image, a FIFO would wait for ever).
 */
public final class OciLayout implements BlobSource, BlobSink, Closeable {
    private static final int LONGEST_VERSION = 4096;

    private final Linux linux;
    private final Path folder;
    private final Fd root;

    private OciLayout(Linux linux, Path folder) throws IOException {
        this.linux = linux;
        this.folder = folder;
        this.root = linux.open(folder, OpenFlag.READ, OpenFlag.DIRECTORY);
    }

    /** Opens an existing layout. */
    public static OciLayout open(Path folder, Linux linux) throws IOException {
        OciLayout layout = new OciLayout(linux, folder);
        try {
            String what = folder + "/oci-layout";
            var version = Json.parseObject(layout.read("oci-layout", LONGEST_VERSION), LONGEST_VERSION, what);
            if (!Json.text(version, "imageLayoutVersion").startsWith("1.")) {
                throw new IOException(what + " is of an unknown version");
            }
            return layout;
        } catch (IOException e) {
            layout.close();
            throw e;
        }
    }

    /** Makes a layout in a folder, which is made if need be; images that it holds already stay. */
    public static OciLayout create(Path folder, Linux linux) throws IOException {
        Files.createDirectories(folder.resolve("blobs").resolve("sha256"));
        OciLayout layout = new OciLayout(linux, folder);
        try {
            layout.write(folder.resolve("oci-layout"), LayoutIndex.VERSION);
            if (!Files.exists(folder.resolve("index.json"), LinkOption.NOFOLLOW_LINKS)) {
                layout.write(folder.resolve("index.json"), Index.oci(List.of()).toBytes());
            }
            return layout;
        } catch (IOException e) {
            layout.close();
            throw e;
        }
    }

    /** The images that the layout names. */
    public Index index() throws IOException {
        return Index.parse(read("index.json", Manifest.MAX_BYTES), MediaTypes.OCI_INDEX, folder + "/index.json");
    }

    /** Makes the layout hold this image, and no other, under these names. Its blobs must be there. */
    public void putImage(Descriptor image, List<ImageName> names) throws IOException {
        write(folder.resolve("index.json"), LayoutIndex.of(image, names));
    }

    /** Gives an image of the layout a tag; what had it before loses it, other images stay. Its blobs must be there. */
    public void tag(Descriptor image, String tag) throws IOException {
        Index index = index();
        List<Index.Entry> entries = new ArrayList<>(index.entries());
        entries.removeIf(entry -> LayoutName.isTagged(entry.manifest(), tag));
        Descriptor tagged =
                new Descriptor(image.mediaType(), image.digest(), image.size(), Map.of(LayoutName.REFERENCE, tag));
        entries.add(new Index.Entry(tagged, Optional.empty()));
        write(folder.resolve("index.json"), new Index(index.mediaType(), entries, index.annotations()).toBytes());
    }

    @Override
    public boolean has(Descriptor blob) throws IOException {
        try (Fd file = openFile(path(blob.digest()))) {
            return linux.stat(file).size() == blob.size();
        } catch (NoSuchBlobException e) {
            return false;
        }
    }

    @Override
    public void accept(Descriptor blob, BlobSource source) throws IOException {
        if (has(blob)) {
            return;
        }
        Path target = folder.resolve(path(blob.digest()));
        Files.createDirectories(folder.resolve("blobs").resolve(blob.digest().algorithm()));
        Path temporary = newFile();
        try (InputStream content = source.open(blob);
                OutputStream out = Files.newOutputStream(temporary)) {
            content.transferTo(out);
        } catch (IOException e) {
            Files.delete(temporary);
            throw e;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        Fd file = openFile(path(blob.digest()));
        return new VerifyingInputStream(new FdInputStream(linux, file), blob, folder.toString());
    }

    @Override
    public void close() {
        root.close();
    }

    private byte[] read(String name, int limit) throws IOException {
        try (Fd file = openFile(name);
                InputStream in = new FdInputStream(linux, file)) {
            byte[] content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                throw new IOException(folder + "/" + name + " is longer than " + limit + " bytes");
            }
            return content;
        }
    }

    private Fd openFile(String path) throws IOException {
        Fd file;
        try {
            file = linux.openWithoutLinks(
                    root, path.getBytes(StandardCharsets.US_ASCII), 0, OpenFlag.READ, OpenFlag.NON_BLOCK);
        } catch (LinuxException e) {
            if (e.errnoName().equals("ENOENT") && path.startsWith("blobs/")) {
                throw new NoSuchBlobException(digest(path), folder.toString());
            }
            throw e;
        }
        FileStat stat = linux.stat(file);
        if (stat.kind() != FileKind.FILE) {
            file.close();
            throw new IOException(folder + "/" + path + " is no regular file: refused");
        }
        return file;
    }

    private void write(Path file, byte[] content) throws IOException {
        Path temporary = newFile();
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path newFile() throws IOException {
        return Files.createTempFile(
                folder,
                ".incoming-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private static Digest digest(String path) {
        String[] parts = path.split("/");
        return new Digest(parts[1], parts[2]);
    }
}
