package dev.jbuild.layer.store;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which names images have: the {@code index.json} of the layout. Entries that another program put there are kept but are
 * no names: those come from the user's command line only (CVE-2026-50195).
 */
public final class ImageNames {
    /** containerd's annotation of a whole image name; what counts as a name here. */
    public static final String NAME = "io.containerd.image.name";

    /** OCI's annotation, which {@code skopeo copy oci:store:name} looks for. */
    public static final String REFERENCE = "org.opencontainers.image.ref.name";

    /** Of the index as a whole: what its named entries hash to, so that no bit of them flips unseen. */
    private static final String SUM = "dev.jbuild.names";

    private final StoreFolders folders;
    private final Session session;

    ImageNames(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    /** A name and the manifest or index that it stands for. */
    public record NamedImage(ImageName name, Descriptor image) {}

    public Optional<Descriptor> find(ImageName name) throws IOException {
        Optional<Descriptor> found = read().entries().stream()
                .filter(entry -> isNamed(entry, name))
                .map(entry -> plain(entry.manifest()))
                .findFirst();
        if (found.isPresent()) {
            session.note(found.get().digest().hex());
        }
        return found;
    }

    /** All named images, sorted by name. */
    public List<NamedImage> list() throws IOException {
        List<NamedImage> images = new ArrayList<>();
        for (Index.Entry entry : read().entries()) {
            name(entry).ifPresent(name -> images.add(new NamedImage(name, plain(entry.manifest()))));
        }
        images.sort(Comparator.comparing(image -> image.name().toString()));
        return images;
    }

    /** Gives an image a name; what had the name before loses it. */
    public void put(ImageName name, Descriptor image) throws IOException {
        putAll(List.of(name), image);
    }

    /** Gives an image all these names in one step. */
    public void putAll(Collection<ImageName> names, Descriptor image) throws IOException {
        session.note(image.digest().hex());
        try (StoreLock _ = StoreLock.take(folders, "index.json")) {
            Index index = read();
            List<Index.Entry> entries = new ArrayList<>(index.entries());
            for (ImageName name : names) {
                entries.removeIf(entry -> isNamed(entry, name));
                entries.add(new Index.Entry(named(image, name), Optional.empty()));
            }
            write(index, entries);
        }
    }

    /** Takes a name away; false when no image had it. The image itself goes with the next prune. */
    public boolean remove(ImageName name) throws IOException {
        try (StoreLock _ = StoreLock.take(folders, "index.json")) {
            Index index = read();
            List<Index.Entry> entries = new ArrayList<>(index.entries());
            boolean removed = entries.removeIf(entry -> isNamed(entry, name));
            if (removed) {
                write(index, entries);
            }
            return removed;
        }
    }

    /**
     * Takes the names as they stand, if they are not those that were written; what they were, nobody knows any more.
     *
     * @return a sentence that says so; empty when they are sound
     */
    Optional<String> mend() throws IOException {
        try (StoreLock _ = StoreLock.take(folders, "index.json")) {
            Index index = parse();
            if (isSound(index)) {
                return Optional.empty();
            }
            write(index, index.entries());
            return Optional.of(
                    "index.json is damaged: its names are not those that were written, and are kept as they stand:"
                            + " see `jbuild images`");
        }
    }

    private Index read() throws IOException {
        Index index = parse();
        if (!isSound(index)) {
            throw new StoreException(
                    "the store's " + LayoutFiles.index(folders)
                            + " is damaged: its names are not those that were written; `jbuild store check` keeps them as they stand");
        }
        return index;
    }

    /** The index as it stands. */
    byte[] document() throws IOException {
        Path file = LayoutFiles.index(folders);
        return StoreFile.read(folders.linux(), file, Manifest.MAX_BYTES)
                .orElseThrow(() -> new StoreException("the store's " + file + " is gone"));
    }

    private Index parse() throws IOException {
        return Index.parse(
                document(), MediaTypes.OCI_INDEX, LayoutFiles.index(folders).toString());
    }

    private void write(Index index, List<Index.Entry> entries) throws IOException {
        Map<String, String> annotations = new TreeMap<>(index.annotations());
        annotations.put(SUM, sum(entries));
        byte[] document = new Index(index.mediaType(), entries, annotations).toBytes();
        if (document.length > Manifest.MAX_BYTES || entries.size() > Index.MAX_ENTRIES) {
            throw new StoreException("the store holds too many image names: remove some first");
        }
        AtomicFile.writeDurably(folders, session, LayoutFiles.index(folders), document);
    }

    /** An index without a sum is another program's. */
    private static boolean isSound(Index index) {
        String sum = index.annotations().get(SUM);
        return sum == null || sum.equals(sum(index.entries()));
    }

    /** Of the named entries alone: other programs may add theirs without our name. */
    private static String sum(List<Index.Entry> entries) {
        MessageDigest hash = Digest.sha256();
        for (Index.Entry entry : entries) {
            Descriptor image = entry.manifest();
            if (image.annotations().containsKey(NAME)) {
                String line = String.join(
                        "\n",
                        image.mediaType(),
                        image.digest().toString(),
                        Long.toString(image.size()),
                        new TreeMap<>(image.annotations()).toString());
                hash.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return Digest.ofSha256(hash.digest()).toString();
    }

    /** Empty for what another program put there, be it without a name or with one that is none to us. */
    private static Optional<ImageName> name(Index.Entry entry) {
        String text = entry.manifest().annotations().get(NAME);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ImageName.parse(text))
                    .filter(name -> name.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isNamed(Index.Entry entry, ImageName name) {
        return name.toString().equals(entry.manifest().annotations().get(NAME));
    }

    private static Descriptor plain(Descriptor image) {
        return new Descriptor(image.mediaType(), image.digest(), image.size());
    }

    /** The reference is the whole name: a tag alone would be ambiguous among many images. */
    private static Descriptor named(Descriptor image, ImageName name) {
        return new Descriptor(
                image.mediaType(),
                image.digest(),
                image.size(),
                Map.of(NAME, name.toString(), REFERENCE, name.toString()));
    }
}
