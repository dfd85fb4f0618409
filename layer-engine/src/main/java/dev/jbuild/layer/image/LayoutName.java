package dev.jbuild.layer.image;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An image in a layout folder, written {@code oci:FOLDER[:TAG]} as skopeo and umoci do.
 *
 * @param tag the entry's {@code org.opencontainers.image.ref.name}
 */
public record LayoutName(Path folder, Optional<String> tag) {
    static final String REFERENCE = "org.opencontainers.image.ref.name";

    private static final String SCHEME = "oci:";
    private static final String LATEST = "latest";

    /** Whether a text means a layout and not the name of an image. */
    public static boolean isOne(String text) {
        return text.startsWith(SCHEME);
    }

    /** @throws IllegalArgumentException when it is none */
    public static LayoutName parse(String text) {
        String rest = isOne(text) ? text.substring(SCHEME.length()) : "";
        // The first colon, as skopeo and umoci have it: a tag may hold more, a folder none.
        int colon = rest.indexOf(':');
        boolean hasTag = colon >= 0;
        String folder = hasTag ? rest.substring(0, colon) : rest;
        if (folder.isEmpty() || (hasTag && colon == rest.length() - 1)) {
            throw new IllegalArgumentException("not oci:FOLDER[:TAG]: \"" + text + "\"");
        }
        return new LayoutName(Path.of(folder), hasTag ? Optional.of(rest.substring(colon + 1)) : Optional.empty());
    }

    /** The same name with its folder taken from a working directory. */
    public LayoutName within(Path directory) {
        return new LayoutName(directory.resolve(folder).normalize(), tag);
    }

    /** What the image is called where one has to be chosen and none was. */
    public String tagOrLatest() {
        return tag.orElse(LATEST);
    }

    /** All entries that this may mean: those of the tag, or all when there is none. */
    public List<Descriptor> matches(Index index) {
        return index.entries().stream()
                .map(Index.Entry::manifest)
                .filter(entry -> tag.isEmpty() || isTagged(entry, tag.get()))
                .toList();
    }

    /** The one entry that this means: of several without a tag given, the one called {@code latest}. */
    public Optional<Descriptor> select(Index index) {
        List<Descriptor> matches = matches(index);
        if (matches.size() == 1) {
            return Optional.of(matches.getFirst());
        }
        return matches.stream().filter(entry -> isTagged(entry, tagOrLatest())).findFirst();
    }

    static boolean isTagged(Descriptor entry, String tag) {
        return Objects.equals(entry.annotations().get(REFERENCE), tag);
    }

    @Override
    public String toString() {
        return SCHEME + folder + tag.map(name -> ":" + name).orElse("");
    }
}
