package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OwnerRecords;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which extended attributes pass between layers and trees, and how overlayfs's own are read.
 *
 * <p>A layer must not speak to the host's overlayfs: an attribute {@code user.overlay.redirect} or {@code .metacopy} from a
 * layer would make it show other files (buildah 1.28 kept {@code trusted.overlay.opaque}).
 */
public final class Xattrs {
    /**
     * Set to {@code y} on a directory that hides the lower ones, to {@code x} on one that holds marks of {@link WhiteoutMarks}
     * (kernel, Documentation/filesystems/overlayfs.rst).
     */
    static final String OPAQUE = "user.overlay.opaque";

    static final Bytes OPAQUE_VALUE = Bytes.of("y");

    private static final String CAPABILITY = "security.capability";

    private Xattrs() {}

    /** Whether an attribute belongs to the file itself and not to the machine it lies on. */
    public static boolean travels(String name) {
        return name.equals(CAPABILITY)
                || (name.startsWith("user.")
                        && !name.startsWith("user.overlay.")
                        && !name.startsWith(OwnerRecords.PREFIX));
    }

    static SortedMap<String, Bytes> read(Linux linux, Fd directory, byte[] name) throws IOException {
        SortedMap<String, Bytes> read = Collections.emptySortedMap();
        for (String attribute : linux.listXattrsAt(directory, name)) {
            Optional<byte[]> value = travels(attribute) ? linux.xattrAt(directory, name, attribute) : Optional.empty();
            if (value.isPresent()) {
                read = read.isEmpty() ? new TreeMap<>() : read;
                read.put(attribute, Bytes.of(value.get()));
            }
        }
        return read;
    }

    static boolean isOpaque(Linux linux, Fd directory, byte[] name) throws IOException {
        return linux.xattrAt(directory, name, OPAQUE)
                .map(value -> OPAQUE_VALUE.equals(Bytes.of(value)))
                .orElse(false);
    }
}
