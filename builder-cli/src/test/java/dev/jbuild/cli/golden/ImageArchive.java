package dev.jbuild.cli.golden;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** One image in an OCI layout in a tar archive, as {@code --output type=oci} writes it, in memory. */
public final class ImageArchive implements BlobSource {
    private final Map<String, byte[]> members;

    private ImageArchive(Map<String, byte[]> members) {
        this.members = members;
    }

    /** Reads an archive to its end. */
    public static ImageArchive read(InputStream archive) throws IOException {
        Map<String, byte[]> members = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    members.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return new ImageArchive(members);
    }

    /** The image's manifest. */
    public Descriptor manifest() throws IOException {
        Index index = Index.parse(member("index.json"), MediaTypes.OCI_INDEX, "index.json");
        return index.entries().getFirst().manifest();
    }

    /** The image in it. */
    public BuiltImage image() throws IOException {
        return BuiltImage.read(this, blob(manifest()), manifest().mediaType());
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return new VerifyingInputStream(new ByteArrayInputStream(blob(blob)), blob, "the archive");
    }

    private byte[] blob(Descriptor blob) throws IOException {
        return member("blobs/" + blob.digest().algorithm() + "/" + blob.digest().hex());
    }

    private byte[] member(String name) throws IOException {
        byte[] bytes = members.get(name);
        if (bytes == null) {
            throw new IOException("the archive has no " + name);
        }
        return bytes;
    }
}
