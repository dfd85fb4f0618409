package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@link PythonListing} must find where a layer was unpacked, worked out from the layer's entries alone. */
final class ExpectedListing {
    /** Zeros become a hole where they fill a whole block of this many bytes. */
    private static final int HOLE_BYTES = 128 << 10;

    private final SortedMap<EntryPath, LayerEntry> entries = new TreeMap<>();
    private final Map<EntryPath, byte[]> contents = new TreeMap<>();
    private final boolean wholeSeconds;

    private ExpectedListing(RecordedLayer layer, boolean wholeSeconds) {
        this.wholeSeconds = wholeSeconds;
        addDirectory(EntryPath.ROOT);
        layer.forEach((entry, content) -> {
            entries.put(entry.path(), owned(entry));
            contents.put(entry.path(), content);
        });
        for (EntryPath path : List.copyOf(entries.keySet())) {
            addParents(path);
        }
    }

    /** Of a tree that was unpacked from the entries themselves. */
    static List<String> of(RecordedLayer layer) {
        return new ExpectedListing(layer, false).lines();
    }

    /** Of one that was a tar in between: our tars tell times in whole seconds, as BuildKit's do (the earlier one). */
    static List<String> throughTar(RecordedLayer layer) {
        return new ExpectedListing(layer, true).lines();
    }

    /**
     * Of a tree that became another by a layer. The time of a directory that changed in nothing else says nothing, so it is either
     * one's.
     *
     * @param found decides which
     */
    static List<String> afterDifference(RecordedLayer before, RecordedLayer after, List<String> found) {
        ExpectedListing old = new ExpectedListing(before, true);
        ExpectedListing now = new ExpectedListing(after, true);
        return now.entries.values().stream()
                .map(entry -> old.staysAsItWas(entry)
                        .map(old::line)
                        .filter(found::contains)
                        .orElseGet(() -> now.line(entry)))
                .sorted()
                .toList();
    }

    /** The directory of before that differs in nothing but its time. */
    private Optional<LayerEntry> staysAsItWas(LayerEntry now) {
        return Optional.ofNullable(entries.get(now.path()))
                .filter(was -> was.type() == LayerEntry.Type.DIRECTORY
                        && now.withMtime(was.mtime()).equals(was));
    }

    private List<String> lines() {
        return entries.values().stream().map(this::line).sorted().toList();
    }

    private void addParents(EntryPath path) {
        for (EntryPath at = path; !at.isRoot(); at = at.parent()) {
            if (!entries.containsKey(at.parent())) {
                addDirectory(at.parent());
            }
        }
    }

    /** One that the layer does not describe is as mkdir of this user makes it, in 1970. */
    private void addDirectory(EntryPath path) {
        entries.put(path, owned(LayerEntry.directory(path, 0755)));
    }

    /** Only root gives files away. */
    private static LayerEntry owned(LayerEntry entry) {
        Linux linux = Linux.system();
        return linux.effectiveUid() == 0 ? entry : entry.withOwner(linux.effectiveUid(), linux.effectiveGid());
    }

    private String line(LayerEntry named) {
        LayerEntry entry = described(named);
        String path = named.path().isRoot() ? "." : escaped(named.path().toArray());
        String first = firstName(entry);
        return String.join(
                        " ",
                        path,
                        type(entry),
                        entry.type() == LayerEntry.Type.SYMLINK ? "-" : String.format("%04o", entry.mode()),
                        entry.uid() + ":" + entry.gid(),
                        time(entry.mtime()),
                        substance(entry),
                        "xattrs:" + attributes(entry))
                + (first.equals(path) ? "" : " same:" + first);
    }

    /** A hard link is the file that it names, in everything. */
    private LayerEntry described(LayerEntry entry) {
        return entry.type() == LayerEntry.Type.HARDLINK ? target(entry) : entry;
    }

    private LayerEntry target(LayerEntry link) {
        return Optional.ofNullable(entries.get(link.hardLinkTarget())).orElseThrow();
    }

    private String firstName(LayerEntry file) {
        return entries.values().stream()
                .filter(entry -> described(entry).equals(file))
                .map(entry -> entry.path().isRoot() ? "." : escaped(entry.path().toArray()))
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    private String time(Timestamp time) {
        return time.seconds() + "." + String.format("%09d", wholeSeconds ? 0 : time.nanos());
    }

    private static String type(LayerEntry entry) {
        return switch (entry.type()) {
            case FILE -> "f";
            case DIRECTORY -> "d";
            case SYMLINK -> "l";
            case FIFO -> "p";
            case CHAR_DEVICE -> "c";
            case BLOCK_DEVICE -> "b";
            case HARDLINK, WHITEOUT, OPAQUE -> throw new IllegalArgumentException("no file: " + entry);
        };
    }

    private String substance(LayerEntry entry) {
        return switch (entry.type()) {
            case FILE -> content(contents.getOrDefault(entry.path(), new byte[0]));
            case SYMLINK -> "to:" + escaped(entry.linkTarget().toArray());
            case CHAR_DEVICE, BLOCK_DEVICE -> "device:" + entry.devMajor() + "," + entry.devMinor();
            case DIRECTORY, FIFO -> "";
            case HARDLINK, WHITEOUT, OPAQUE -> throw new IllegalArgumentException("no file: " + entry);
        };
    }

    private static String content(byte[] content) {
        return "size:" + content.length + " sha256:" + Digest.of(content).hex() + " holes:" + holes(content);
    }

    private static String holes(byte[] content) {
        List<String> holes = new ArrayList<>();
        int start = -1;
        for (int at = 0; at <= content.length; at += HOLE_BYTES) {
            int end = at + HOLE_BYTES;
            boolean isHole =
                    end <= content.length && Arrays.equals(content, at, end, new byte[HOLE_BYTES], 0, HOLE_BYTES);
            if (isHole && start < 0) {
                start = at;
            } else if (!isHole && start >= 0) {
                holes.add(start + "-" + at);
                start = -1;
            }
        }
        return String.join(",", holes);
    }

    private static String attributes(LayerEntry entry) {
        return entry.xattrs().entrySet().stream()
                .map(attribute -> escaped(Bytes.of(attribute.getKey()).toArray()) + ":"
                        + HexFormat.of().formatHex(attribute.getValue().toArray()))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String escaped(byte[] text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text) {
            int c = Byte.toUnsignedInt(b);
            boolean isPlain = c >= 33 && c < 127 && c != '%' && c != '=';
            escaped.append(isPlain ? Character.toString(c) : String.format("%%%02x", c));
        }
        return escaped.toString();
    }
}
