package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.Origin.HttpFile;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.store.StoreLock;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Digest;
import dev.jbuild.registry.RemoteFiles;
import dev.jbuild.registry.RemoteFiles.Version;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Fetches single files, each into a tree of its own with mode 0600 and the server's date. A file that was fetched before is
 * only asked about; one whose checksum is given, and is here, is not even that.
 */
public final class HttpSource {
    private static final int ID_DIGITS = 32;
    private static final byte[] DOWNLOAD = "download".getBytes(StandardCharsets.US_ASCII);

    private final Store store;
    private final Linux linux;
    private final RemoteFiles files;
    private final LayerLimits limits;

    HttpSource(Store store, Linux linux, RemoteFiles files, LayerLimits limits) {
        this.store = store;
        this.linux = linux;
        this.files = files;
        this.limits = limits;
    }

    /**
     * The tree with the file.
     *
     * @param anew whether it is downloaded although the one that is here would do
     * @throws BuildException when the address is none, or the content is not that of the checksum
     */
    public FetchedTree fetch(HttpFile file, boolean anew) throws IOException, BuildException {
        URI address = address(file);
        Digest key = CacheKey.of("http-file")
                .leaf("url", file.url())
                .leaf("name", file.name())
                .build()
                .digest();
        try (StoreLock _ = store.lock("fetch " + key)) {
            Optional<HttpRecord> known = anew ? Optional.empty() : known(key);
            if (known.isPresent() && file.checksum().equals(known.map(HttpRecord::content))) {
                return new FetchedTree(known.get().treeId(), true);
            }
            return fetch(file, address, key, known);
        }
    }

    private FetchedTree fetch(HttpFile file, URI address, Digest key, Optional<HttpRecord> known)
            throws IOException, BuildException {
        try (PreparedTree tree = store.trees().prepare()) {
            MessageDigest hash = file.checksum().map(Digest::newHash).orElseGet(Digest::sha256);
            Path download = tree.work().resolve("download");
            Optional<Version> version = files.download(
                    address, known.map(HttpRecord::version).orElse(Version.NONE), limits.maxBytes(), () -> {
                        hash.reset();
                        return new DigestOutputStream(Files.newOutputStream(download), hash);
                    });
            if (version.isEmpty()) {
                HttpRecord unchanged = known.orElseThrow();
                requireChecksum(file, unchanged.content());
                return new FetchedTree(unchanged.treeId(), true);
            }
            Digest content = digest(hash);
            requireChecksum(file, content);
            HttpRecord record = new HttpRecord(version.get(), content, treeId(file, content, version.get()));
            publish(tree, file, record);
            store.records().put(key, record.toBytes());
            return new FetchedTree(record.treeId(), false);
        }
    }

    private Optional<HttpRecord> known(Digest key) throws IOException {
        Optional<HttpRecord> known = store.records().get(key).map(HttpRecord::parse);
        return known.isPresent() && store.trees().find(known.get().treeId()).isPresent() ? known : Optional.empty();
    }

    /** The name is the address's, so its bytes may be any that a name can hold: it is never part of a path here. */
    private void publish(PreparedTree tree, HttpFile file, HttpRecord record) throws IOException {
        Path download = tree.work().resolve("download");
        Files.setPosixFilePermissions(download, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(download, FileTime.from(modified(record.version())));
        try (Fd from = linux.open(tree.work(), OpenFlag.PATH, OpenFlag.DIRECTORY);
                Fd to = linux.open(tree.fs(), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            linux.renameAt(from, DOWNLOAD, to, file.name().getBytes(StandardCharsets.UTF_8));
        }
        store.trees().publish(record.treeId(), tree);
    }

    private static void requireChecksum(HttpFile file, Digest content) throws BuildException {
        if (file.checksum().isPresent() && !file.checksum().get().equals(content)) {
            throw new BuildException(
                    Kind.BUILD,
                    file.shown() + " is not what --checksum says: its content hashes to " + content + ", not to "
                            + file.checksum().get());
        }
    }

    private static URI address(HttpFile file) throws BuildException {
        try {
            return new URI(file.url());
        } catch (URISyntaxException e) {
            throw new BuildException(
                    Kind.BUILD, "not an address: " + file.shown() + ": " + e.getReason() + "; percent-encode it", e);
        }
    }

    private static String treeId(HttpFile file, Digest content, Version version) {
        Digest id = CacheKey.of("http-tree")
                .leaf("name", file.name())
                .leaf("content", content.toString())
                .leaf("modified", modified(version).toString())
                .build()
                .digest();
        return "http-" + id.hex().substring(0, ID_DIGITS);
    }

    /** The server's date; 1970 where it gives none, as BuildKit has it. */
    private static Instant modified(Version version) {
        try {
            return version.lastModified()
                    .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
                    .orElse(Instant.EPOCH);
        } catch (DateTimeParseException e) {
            // A date that cannot be read is none (RFC 9110 section 8.8.2).
            return Instant.EPOCH;
        }
    }

    private static Digest digest(MessageDigest hash) {
        String algorithm = hash.getAlgorithm().equals("SHA-256") ? "sha256" : "sha512";
        return Digest.parse(algorithm + ":" + HexFormat.of().formatHex(hash.digest()));
    }
}
